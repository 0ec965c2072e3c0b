import { deepEqual } from "../runtime/equal.ts";
import type { StatusCause } from "../runtime/errors.ts";
import { formatField } from "./field-path.ts";
import { Type } from "./type.ts";

/** What an entry of a ConfigMap or a Secret may be called; `check` refuses the few that mean a folder. */
export const DataKeySchema = Type.String({ pattern: "^[-._a-zA-Z0-9]{1,253}$" });

/** As much as Kubernetes allows in one ConfigMap or Secret. */
export const maxDataBytes = 1024 * 1024;

/** In characters, all that base64 makes of `maxDataBytes`. */
export const maxBase64Characters = Math.ceil(maxDataBytes / 3) * 4;

export const maxDataEntries = 4096;

type Entries = Readonly<Record<string, string>>;

/** Names that would leave the folder into which an entry is written as a file. */
export function checkDataKeys(field: string, entries: Entries = {}): readonly StatusCause[] {
  return Object.keys(entries)
    .filter((key) => key === "." || key.startsWith(".."))
    .map((key) => ({ field: formatField([field, key]), message: "not a valid key: it names a folder" }));
}

/** Base64 that is none, without a word of what it says. */
export function checkBase64(field: string, entries: Entries = {}): readonly StatusCause[] {
  return Object.entries(entries)
    .filter(([, value]) => !isBase64(value))
    .map(([key]) => ({ field: formatField([field, key]), message: "must be base64" }));
}

/** `bytes`: how much there is in all. */
export function checkDataSize(field: string, bytes: number): readonly StatusCause[] {
  if (bytes <= maxDataBytes) return [];
  return [{ field, message: `must have at most ${maxDataBytes} bytes in all, has ${bytes}` }];
}

/** Once `immutable` is set, neither the data nor that can be changed. */
export function checkImmutable<T extends { readonly immutable?: boolean }>(
  before: T,
  after: T,
  fields: readonly (keyof T & string)[],
): readonly StatusCause[] {
  if (before.immutable !== true) return [];
  const changed = ["immutable" as const, ...fields].filter(
    (field) => !deepEqual(before[field], after[field]),
  );
  const message = "field is immutable when `immutable` is set";
  return changed.map((field) => ({ field, message, reason: "FieldValueForbidden" }));
}

/** How many bytes a base64 text stands for. */
export function base64Bytes(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.max(0, (text.length / 4) * 3 - padding);
}

export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) bytes += utf8BytesOf(text.charCodeAt(index));
  return bytes;
}

/** The two halves of a pair are four bytes together. */
function utf8BytesOf(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) return 2;
  return 3;
}

/** With padding, in the standard alphabet, without line breaks: what Kubernetes writes and reads. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
