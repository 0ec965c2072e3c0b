import { isRecord } from "../../../schema/plain.ts";
import { fieldOf, type JsonObject } from "../json.ts";
import { ProtobufWriter } from "./writer.ts";

/** An OpenAPI v2 document as the gnostic `openapi.v2.Document`, which is all that client-go reads of v2. */
export function writeSwagger(document: JsonObject): Uint8Array {
  const { swagger, info, paths, definitions } = document;
  return new ProtobufWriter()
    .text(1, textOf(swagger))
    .message(
      2,
      new ProtobufWriter().text(1, textOf(fieldOf(info, "title"))).text(2, textOf(fieldOf(info, "version"))),
    )
    .message(8, named(2, paths, pathItem))
    .message(9, named(1, definitions, schema))
    .finish();
}

/** A map as repeated pairs of a name and a value, in field `number` of a message. */
function named(number: number, map: unknown, write: (value: JsonObject) => ProtobufWriter): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const [name, value] of Object.entries(recordOf(map))) {
    writer.message(number, new ProtobufWriter().text(1, name).message(2, write(recordOf(value))));
  }
  return writer;
}

const operationNumbers = { get: 2, put: 3, post: 4, delete: 5, patch: 8 } as const;

function pathItem(item: JsonObject): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const [method, number] of Object.entries(operationNumbers)) {
    if (isRecord(item[method])) writer.message(number, operation(item[method]));
  }
  for (const one of listOf(item.parameters)) writer.message(9, parameter(recordOf(one)));
  return writer;
}

function operation(value: JsonObject): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const tag of listOf(value.tags)) writer.text(1, textOf(tag));
  writer.text(3, textOf(value.description)).text(5, textOf(value.operationId));
  for (const type of listOf(value.produces)) writer.text(6, textOf(type));
  for (const type of listOf(value.consumes)) writer.text(7, textOf(type));
  for (const one of listOf(value.parameters)) writer.message(8, parameter(recordOf(one)));
  return extensions(writer.message(9, named(1, value.responses, response)), 13, value);
}

/** `ParametersItem.parameter`: one in the body, or one of those in the path and in the query. */
function parameter(value: JsonObject): ProtobufWriter {
  const one = new ProtobufWriter();
  if (value.in === "body") one.message(1, bodyParameter(value));
  else one.message(2, plainParameter(value));
  return new ProtobufWriter().message(1, one);
}

function bodyParameter(value: JsonObject): ProtobufWriter {
  return new ProtobufWriter()
    .text(2, textOf(value.name))
    .text(3, "body")
    .integer(4, value.required === true)
    .message(5, schema(recordOf(value.schema)));
}

function plainParameter(value: JsonObject): ProtobufWriter {
  const inPath = value.in === "path";
  const plain = new ProtobufWriter()
    .integer(1, value.required === true)
    .text(2, textOf(value.in))
    .text(3, textOf(value.description))
    .text(4, textOf(value.name))
    .text(inPath ? 5 : 6, textOf(value.type))
    .integer(inPath ? 19 : 20, value.uniqueItems === true);
  return new ProtobufWriter().message(inPath ? 4 : 3, plain);
}

function response(value: JsonObject): ProtobufWriter {
  const body = new ProtobufWriter().message(1, schema(recordOf(value.schema)));
  const plain = new ProtobufWriter().text(1, textOf(value.description)).message(2, body);
  return new ProtobufWriter().message(1, plain);
}

function schema(value: JsonObject): ProtobufWriter {
  const writer = new ProtobufWriter()
    .text(1, textOf(value.$ref))
    .text(2, textOf(value.format))
    .text(4, textOf(value.description));
  if (value.default !== undefined) writer.message(5, anything(value.default));
  writer
    .double(7, numberOf(value.maximum))
    .double(9, numberOf(value.minimum))
    .integer(11, numberOf(value.maxLength))
    .integer(12, numberOf(value.minLength))
    .text(13, textOf(value.pattern))
    .integer(14, numberOf(value.maxItems))
    .integer(15, numberOf(value.minItems))
    .integer(17, numberOf(value.maxProperties));
  for (const name of listOf(value.required)) writer.text(19, textOf(name));
  for (const one of listOf(value.enum)) writer.message(20, anything(one));
  return extensions(children(writer, value), 31, value);
}

function children(writer: ProtobufWriter, value: JsonObject): ProtobufWriter {
  const { additionalProperties, items, properties, type } = value;
  if (isRecord(additionalProperties)) {
    writer.message(21, new ProtobufWriter().message(1, schema(additionalProperties)));
  }
  if (type !== undefined) writer.message(22, new ProtobufWriter().text(1, textOf(type)));
  if (isRecord(items)) writer.message(23, new ProtobufWriter().message(1, schema(items)));
  if (isRecord(properties)) writer.message(25, named(1, properties, schema));
  return writer;
}

/** Everything that begins with `x-`, as YAML. */
function extensions(writer: ProtobufWriter, number: number, value: JsonObject): ProtobufWriter {
  for (const [name, content] of Object.entries(value)) {
    if (!name.startsWith("x-")) continue;
    writer.message(number, new ProtobufWriter().text(1, name).message(2, anything(content)));
  }
  return writer;
}

/** `Any`: JSON is YAML too. */
function anything(value: unknown): ProtobufWriter {
  return new ProtobufWriter().text(2, `${JSON.stringify(value)}\n`);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function recordOf(value: unknown): JsonObject {
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
