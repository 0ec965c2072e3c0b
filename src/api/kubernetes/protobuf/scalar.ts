import { formatTime } from "../../../runtime/clock.ts";
import type { Scalar } from "./message.ts";
import { fieldsOf, malformed, type WireField } from "./wire.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** As many seconds as a year of four digits can have. */
const time = { first: -62_135_596_800n, last: 253_402_300_799n } as const;

/** What stands in JSON for a value; undefined when nothing is kept of it. */
export function readScalar(type: Scalar, field: WireField): unknown {
  switch (type) {
    case "string":
      return readText(field) || undefined;
    case "givenString":
      return readText(field);
    case "bytes":
      return readBytes(field).toBase64();
    case "int":
      return readInteger(field) || undefined;
    case "givenInt":
      return readInteger(field);
    case "bool":
      return readNumber(field) !== 0n || undefined;
    case "givenBool":
      return readNumber(field) !== 0n;
    case "time":
      return readTime(field)?.text;
    case "microTime":
      return readMicroTime(field);
    case "json":
      return readJsonText(field);
  }
}

/** Throws `BadRequest` for bytes that are not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed("a text is not UTF-8");
  }
}

function readText(field: WireField): string {
  return textOf(readBytes(field));
}

function readBytes(field: WireField): Uint8Array {
  if (field.type === "bytes") return field.value;
  throw malformed("a field has a number where text or a message is expected");
}

function readNumber(field: WireField): bigint {
  if (field.type === "varint") return BigInt.asIntN(64, field.value);
  throw malformed("a field has bytes where a number is expected");
}

function readInteger(field: WireField): number {
  const value = Number(readNumber(field));
  if (Number.isSafeInteger(value)) return value;
  throw malformed("a number is larger than any that is used here");
}

/** Kubernetes writes a time that is not set as an empty message. */
function readTime(field: WireField): { readonly text: string; readonly nanos: number } | undefined {
  let seconds = 0n;
  let nanos = 0;
  const parts = [...fieldsOf(readBytes(field))];
  for (const part of parts) {
    if (part.number === 1) seconds = readNumber(part);
    if (part.number === 2) nanos = readInteger(part);
  }
  if (parts.length === 0) return undefined;
  if (seconds < time.first || seconds > time.last || nanos < 0 || nanos > 999_999_999) {
    throw malformed("a time is out of range");
  }
  return { text: formatTime(Number(seconds) * 1000), nanos };
}

/** With six digits after the point. */
function readMicroTime(field: WireField): string | undefined {
  const found = readTime(field);
  if (found === undefined) return undefined;
  const micros = String(Math.floor(found.nanos / 1000)).padStart(6, "0");
  return `${found.text.slice(0, -1)}.${micros}Z`;
}

/** JSON that stands in a message as its text. */
function readJsonText(field: WireField): unknown {
  const text = readText(field);
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw malformed("a field that holds JSON holds none");
  }
}
