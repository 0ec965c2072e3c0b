import { wordsFor } from "../../schema/field-words.ts";
import { mergeKeywords } from "../../schema/list-type.ts";
import { isRecord } from "../../schema/plain.ts";
import { fieldOf, type JsonObject } from "./json.ts";

/**
 * A JSON Schema of ours in the dialect of OpenAPI 3.0 that Kubernetes' clients read: unions of literals
 * become `enum`, `null` becomes `nullable`, pattern properties become `additionalProperties`. `path` is where
 * the schema stands, such as `Host.spec`: what it does not describe itself may be described by its place.
 */
export function toOpenApiSchema(schema: unknown, path = ""): JsonObject {
  if (!isRecord(schema)) return {};
  const head = describe(schema, path);
  if (Array.isArray(schema.anyOf)) return { ...head, ...unionOf(schema.anyOf, path) };
  if ("const" in schema) return { ...head, type: typeof schema.const, enum: [schema.const] };
  return {
    ...head,
    ...typeOfEnum(schema),
    ...copy(schema, plainKeywords),
    ...requiredOf(schema),
    ...childrenOf(schema, path),
  };
}

/** Clients show a field without a type as an object, even one whose values are all listed. */
function typeOfEnum({ enum: values }: JsonObject): JsonObject {
  return Array.isArray(values) && values.length > 0 ? { type: typeof values[0] } : {};
}

/** What a client must give: a field with a default is not among it. */
function requiredOf({ required, properties }: JsonObject): JsonObject {
  if (!Array.isArray(required)) return {};
  const left = required.filter((name) => fieldOf(fieldOf(properties, name), "default") === undefined);
  return left.length === 0 ? {} : { required: left };
}

const plainKeywords = [
  "type",
  "pattern",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "maxProperties",
  "enum",
  ...mergeKeywords,
] as const;

function describe(schema: JsonObject, path: string): JsonObject {
  const description = schema.description ?? wordsFor(path);
  return { ...(description !== undefined && { description }), ...copy(schema, ["default"]) };
}

function unionOf(alternatives: readonly unknown[], path: string): JsonObject {
  const others = alternatives.filter(
    (alternative) => !(isRecord(alternative) && alternative.type === "null"),
  );
  const nullable = others.length < alternatives.length ? { nullable: true } : {};
  const [only] = others;
  if (others.length === 1) return { ...toOpenApiSchema(only, path), ...nullable };
  const values = others.map((alternative) => (isRecord(alternative) ? alternative.const : undefined));
  return values.every((value) => typeof value === "string")
    ? { type: "string", enum: values, ...nullable }
    : { oneOf: others.map((other) => toOpenApiSchema(other)), ...nullable };
}

function childrenOf(schema: JsonObject, path: string): JsonObject {
  const { properties, items, patternProperties } = schema;
  return {
    ...(isRecord(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, child]) => [
              name,
              toOpenApiSchema(child, path === "" ? name : `${path}.${name}`),
            ]),
          ),
        }
      : {}),
    ...(isRecord(items) ? { items: toOpenApiSchema(items, `${path}[]`) } : {}),
    ...(isRecord(patternProperties)
      ? { additionalProperties: toOpenApiSchema(Object.values(patternProperties)[0]) }
      : {}),
  };
}

function copy(schema: JsonObject, keywords: readonly string[]): JsonObject {
  return Object.fromEntries(
    keywords.filter((name) => Object.hasOwn(schema, name)).map((name) => [name, schema[name]]),
  );
}
