import { closest } from "../../schema/closest.ts";
import { isRecord } from "../../schema/plain.ts";
import type { JsonObject } from "./json.ts";

/** Looking for what was meant costs time, which a hostile body must not command. */
const maxHints = 16;

/** A field that the schema does not know, and the known one that was probably meant. */
export interface UnknownField {
  readonly field: string;
  readonly meant: string | undefined;
}

/** What is left of a value when fields that the schema does not know are taken out, and those. */
export interface Pruned {
  readonly value: unknown;
  readonly unknown: readonly UnknownField[];
}

/**
 * Takes out of `value` every field that a closed object of the JSON Schema does not declare. Only looks at
 * fields: wrong types and values are the validator's business and stay as they are.
 */
export function pruneUnknownFields(schema: unknown, value: unknown): Pruned {
  if (knowsAll(schema, value)) return { value, unknown: [] };
  const unknown: UnknownField[] = [];
  return { value: prune(schema, value, "", unknown), unknown };
}

/** Whether nothing would be taken out, which is so of almost all that is written: then nothing is copied. */
function knowsAll(schema: unknown, value: unknown): boolean {
  if (!isRecord(schema)) return true;
  if (Array.isArray(value)) {
    const { items } = schema;
    return value.every((item) => knowsAll(items, item));
  }
  const { properties } = schema;
  if (!isRecord(value) || !isRecord(properties)) return true;
  for (const name in value) {
    const known = Object.hasOwn(properties, name);
    if (known ? !knowsAll(properties[name], value[name]) : schema.additionalProperties === false)
      return false;
  }
  return true;
}

function prune(schema: unknown, value: unknown, path: string, unknown: UnknownField[]): unknown {
  if (!isRecord(schema)) return value;
  if (Array.isArray(value)) {
    return value.map((item, index) => prune(schema.items, item, `${path}[${index}]`, unknown));
  }
  if (!isRecord(value) || !isRecord(schema.properties)) return value;
  return pruneObject(schema, schema.properties, value, { path, unknown });
}

function pruneObject(
  schema: JsonObject,
  properties: JsonObject,
  value: JsonObject,
  found: { readonly path: string; readonly unknown: UnknownField[] },
): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const path = found.path === "" ? name : `${found.path}.${name}`;
    if (Object.hasOwn(properties, name)) {
      kept[name] = prune(properties[name], item, path, found.unknown);
    } else if (schema.additionalProperties !== false) {
      kept[name] = item;
    } else {
      const told = found.unknown.length < maxHints;
      found.unknown.push({ field: path, meant: told ? closest(name, Object.keys(properties)) : undefined });
    }
  }
  return kept;
}
