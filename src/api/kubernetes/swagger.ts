import { isRecord } from "../../schema/plain.ts";
import { fieldOf, type JsonObject } from "./json.ts";

const v3Prefix = "#/components/schemas/";

/** An OpenAPI v3 document of ours as OpenAPI v2 (Swagger), which has no way to say some of it. */
export function toSwagger(document: JsonObject): JsonObject {
  const schemas = recordOf(fieldOf(document.components, "schemas"));
  return {
    swagger: "2.0",
    info: document.info,
    paths: mapValues(recordOf(document.paths), pathItem),
    definitions: mapValues(schemas, toSwaggerSchema),
  };
}

/** A schema without what v2 does not know: no null, no choice of types, no annotated reference. */
export function toSwaggerSchema(schema: unknown): JsonObject {
  const {
    nullable: _,
    oneOf: __,
    allOf,
    $ref,
    properties,
    items,
    additionalProperties,
    ...plain
  } = recordOf(schema);
  const only = Array.isArray(allOf) ? fieldOf(allOf[0], "$ref") : $ref;
  return {
    ...plain,
    ...(typeof only === "string" && { $ref: only.replace(v3Prefix, "#/definitions/") }),
    ...(isRecord(properties) && { properties: mapValues(properties, toSwaggerSchema) }),
    ...(isRecord(items) && { items: toSwaggerSchema(items) }),
    ...(isRecord(additionalProperties) && { additionalProperties: toSwaggerSchema(additionalProperties) }),
  };
}

function pathItem(item: unknown): JsonObject {
  const { parameters, ...operations } = recordOf(item);
  return { ...mapValues(operations, operation), parameters: listOf(parameters).map(parameter) };
}

function operation(value: unknown): JsonObject {
  const { requestBody, parameters, responses, ...plain } = recordOf(value);
  const content = recordOf(fieldOf(requestBody, "content"));
  const [body] = Object.values(content);
  const bodies =
    body === undefined
      ? []
      : [{ name: "body", in: "body", required: true, schema: toSwaggerSchema(fieldOf(body, "schema")) }];
  return {
    ...plain,
    consumes: body === undefined ? ["*/*"] : Object.keys(content),
    produces: ["application/json", "application/yaml"],
    parameters: [...bodies, ...listOf(parameters).map(parameter)],
    responses: mapValues(recordOf(responses), response),
  };
}

function parameter(value: unknown): JsonObject {
  const { schema, ...plain } = recordOf(value);
  return { ...plain, ...recordOf(schema) };
}

function response(value: unknown): JsonObject {
  const { content, ...plain } = recordOf(value);
  const [first] = Object.values(recordOf(content));
  return { ...plain, schema: toSwaggerSchema(fieldOf(first, "schema")) };
}

function mapValues(record: JsonObject, change: (value: unknown) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function recordOf(value: unknown): JsonObject {
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
