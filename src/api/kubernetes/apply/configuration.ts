import { isRecord } from "../../../schema/plain.ts";
import { formatPath, valueElement } from "./element.ts";
import { type FieldType, fieldNamed, itemElement, type MapType } from "./field-type.ts";

/** What somebody applies: only what they may own, none of it null. */
export interface Configuration {
  readonly [field: string]: unknown;
}

/**
 * What a body speaks of that its writer can own: without what the object is and what the store decides, and
 * without what is not written by this path. Null says the same as not naming a field.
 */
export function configurationOf(
  type: MapType,
  body: Readonly<Record<string, unknown>>,
  writes: (field: string) => boolean,
): Configuration {
  const kept = Object.entries(body).filter(([name]) => name === "metadata" || writes(name));
  const config = ownable(type, Object.fromEntries(kept));
  if (writes("metadata")) return isRecord(config) ? config : {};
  return isRecord(config) ? { ...config, metadata: {} } : {};
}

/** Why a configuration cannot be merged: unknown fields, items without keys or with the same ones. */
export function problemsOf(type: FieldType, value: unknown, path: readonly string[] = []): readonly string[] {
  switch (type.type) {
    case "map":
      if (!isRecord(value)) return [];
      return Object.entries(value).flatMap(([name, item]) => {
        const field = fieldNamed(type, name);
        if (field === undefined) return [`${formatPath(path)}.${name}: field not declared in schema`];
        if (field.type.type === "leaf") return [];
        return problemsOf(field.type, item, [...path, field.element]);
      });
    case "set":
      return Array.isArray(value) ? duplicatesIn(value.map(valueElement), path) : [];
    case "list": {
      if (!Array.isArray(value)) return [];
      const elements = value.map((item) => itemElement(type, item));
      const keyless = elements.indexOf(undefined);
      if (keyless >= 0) {
        const keys = type.keys.map(({ name }) => name).join(", ");
        return [
          `${formatPath(path)}: element ${keyless}: its items are told apart by ${keys}, which it lacks`,
        ];
      }
      const known = elements.filter((element) => element !== undefined);
      return [
        ...duplicatesIn(known, path),
        ...value.flatMap((item, index) => problemsOf(type.items, item, [...path, known[index] ?? ""])),
      ];
    }
    case "leaf":
    case "nobody":
      return [];
  }
}

function duplicatesIn(elements: readonly string[], path: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const twice = new Set(elements.filter((element) => seen.size === seen.add(element).size));
  return [...twice].map(
    (element) => `${formatPath(path)}: duplicate entries for key ${formatPath([element])}`,
  );
}

function ownable(type: FieldType, value: unknown): unknown {
  switch (type.type) {
    case "map": {
      if (!isRecord(value)) return value;
      const kept = Object.entries(value).flatMap(([name, item]) => {
        const field = fieldNamed(type, name);
        if (item === null || item === undefined || field?.type.type === "nobody") return [];
        return [[name, field === undefined ? item : ownable(field.type, item)] as const];
      });
      return Object.fromEntries(kept);
    }
    case "list":
      return Array.isArray(value) ? value.map((item) => ownable(type.items, item)) : value;
    case "leaf":
    case "nobody":
    case "set":
      return value;
  }
}
