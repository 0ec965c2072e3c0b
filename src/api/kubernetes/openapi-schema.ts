import { mergeKeywords } from "../../schema/list-type.ts";
import { isRecord } from "../../schema/plain.ts";
import { fieldOf, type JsonObject } from "./json.ts";

/**
 * A JSON Schema of ours in the dialect of OpenAPI 3.0 that Kubernetes' clients read: unions of literals
 * become `enum`, `null` becomes `nullable`, pattern properties become `additionalProperties`.
 */
export function toOpenApiSchema(schema: unknown): JsonObject {
  if (!isRecord(schema)) return {};
  if (Array.isArray(schema.anyOf)) return { ...describe(schema), ...unionOf(schema.anyOf) };
  if ("const" in schema) return { ...describe(schema), type: typeof schema.const, enum: [schema.const] };
  return {
    ...describe(schema),
    ...typeOfEnum(schema),
    ...copy(schema, plainKeywords),
    ...requiredOf(schema),
    ...childrenOf(schema),
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

function describe(schema: JsonObject): JsonObject {
  return copy(schema, ["description", "default"]);
}

function unionOf(alternatives: readonly unknown[]): JsonObject {
  const others = alternatives.filter(
    (alternative) => !(isRecord(alternative) && alternative.type === "null"),
  );
  const nullable = others.length < alternatives.length ? { nullable: true } : {};
  const [only] = others;
  if (others.length === 1) return { ...toOpenApiSchema(only), ...nullable };
  const values = others.map((alternative) => (isRecord(alternative) ? alternative.const : undefined));
  return values.every((value) => typeof value === "string")
    ? { type: "string", enum: values, ...nullable }
    : { oneOf: others.map(toOpenApiSchema), ...nullable };
}

function childrenOf(schema: JsonObject): JsonObject {
  const { properties, items, patternProperties } = schema;
  return {
    ...(isRecord(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, child]) => [name, toOpenApiSchema(child)]),
          ),
        }
      : {}),
    ...(isRecord(items) ? { items: toOpenApiSchema(items) } : {}),
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
