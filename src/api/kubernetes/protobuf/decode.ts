import { StatusError } from "../../../runtime/errors.ts";
import type { FieldType, Message, ValueType } from "./message.ts";
import { messageFor } from "./messages.ts";
import { readScalar, textOf } from "./scalar.ts";
import { fieldsOf, malformed, type WireField } from "./wire.ts";

/** Before everything that Kubernetes writes as protobuf. */
const magic = [0x6b, 0x38, 0x73, 0x00];
export const protobufMediaType = "application/vnd.kubernetes.protobuf";

/** More than any object of ours has: what two bytes ask for must not become unlimited work. */
const maxValues = 100_000;

interface Budget {
  values: number;
}

type JsonRecord = Record<string, unknown>;

/**
 * A body of `application/vnd.kubernetes.protobuf` as the JSON object that it stands for. A field that is not
 * in our tables is called by its number, so that it is refused or dropped like any field that is not known,
 * unless it is empty. Throws `BadRequest`, and `UnsupportedMediaType` for an object of another kind.
 */
export function decodeProtobuf(body: Uint8Array): Readonly<JsonRecord> {
  if (magic.some((byte, index) => body[index] !== byte)) throw malformed("it does not begin with k8s\\0");
  const { apiVersion, kind, raw } = readEnvelope(body.subarray(magic.length));
  const found = messageFor(apiVersion, kind);
  if (found !== undefined) return { apiVersion, kind, ...readMessage(found, raw, { values: maxValues }) };
  const what = `"${kind.slice(0, 64)}" in version "${apiVersion.slice(0, 64)}"`;
  throw new StatusError(
    "UnsupportedMediaType",
    `${what} is not read as protobuf here; send application/json`,
  );
}

interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Uint8Array;
}

/** Kubernetes' `runtime.Unknown`: what kind of object, the object, and how it is encoded. */
function readEnvelope(envelope: Uint8Array): Envelope {
  const parts = bytesByNumber(envelope);
  const type = bytesByNumber(parts.get(1) ?? none);
  const encodings = [textOf(parts.get(3) ?? none), textOf(parts.get(4) ?? none)];
  if (encodings.some((encoding) => encoding !== "" && encoding !== protobufMediaType)) {
    throw malformed("the object in it has another encoding");
  }
  return {
    apiVersion: textOf(type.get(1) ?? none),
    kind: textOf(type.get(2) ?? none),
    raw: parts.get(2) ?? none,
  };
}

const none = new Uint8Array();

function bytesByNumber(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  return new Map([...fieldsOf(bytes)].map((field) => [field.number, bytesOf(field)]));
}

function readMessage({ fields }: Message, bytes: Uint8Array, budget: Budget): JsonRecord {
  const record = emptyRecord();
  for (const field of fieldsOf(bytes)) {
    budget.values -= 1;
    if (budget.values < 0) throw malformed(`it holds more than ${maxValues} values`);
    const [name = `#${field.number}`, type] = fields.get(field.number) ?? [];
    const value = type === undefined ? unknownValue(field) : readField(type, record[name], field, budget);
    if (value !== undefined) record[name] = value;
  }
  return record;
}

function unknownValue(field: WireField): true | undefined {
  const empty = field.type === "varint" ? field.value === 0n : field.value.length === 0;
  return empty ? undefined : true;
}

/** `before`: what the same field has said already; lists and maps go on, anything else is replaced. */
function readField(type: FieldType, before: unknown, field: WireField, budget: Budget): unknown {
  if (typeof type === "string" || "fields" in type || "first" in type) return readValue(type, field, budget);
  if ("list" in type) {
    const items: unknown[] = Array.isArray(before) ? before : [];
    items.push(readItem(type.list, field, budget));
    return items;
  }
  const entries = isJsonRecord(before) ? before : emptyRecord();
  const { key, value } = readEntry(type.map, field, budget);
  entries[key] = value;
  return entries;
}

/** Undefined: nothing is to be kept of it. */
function readValue(type: ValueType, field: WireField, budget: Budget): unknown {
  if (typeof type === "string") return readScalar(type, field);
  if ("fields" in type) return readMessage(type, bytesOf(field), budget);
  const only: Message = { fields: new Map([[1, ["first", type.first]]]) };
  return readMessage(only, bytesOf(field), budget).first;
}

/** In a list an empty value counts. */
function readItem(type: ValueType, field: WireField, budget: Budget): unknown {
  return readValue(type === "string" ? "givenString" : type, field, budget);
}

function readEntry(type: ValueType, field: WireField, budget: Budget) {
  let key = "";
  let value: unknown = typeof type === "string" ? "" : emptyRecord();
  for (const part of fieldsOf(bytesOf(field))) {
    if (part.number === 1) key = textOf(bytesOf(part));
    if (part.number === 2) value = readItem(type, part, budget);
  }
  return { key, value };
}

function bytesOf(field: WireField): Uint8Array {
  if (field.type === "bytes") return field.value;
  throw malformed("a field has a number where text or a message is expected");
}

/** Without a prototype, so that every key of a map is a key and nothing else. */
function emptyRecord(): JsonRecord {
  return Object.create(null);
}

function isJsonRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
