import type { StringTable } from "./xdr.ts";

const slots = 4096;
const maxBytes = 64;

/** A fixed number of places: a later string with the same hash replaces the earlier, so memory is bounded. */
export class NameTable implements StringTable {
  readonly #names: (string | undefined)[] = new Array(slots).fill(undefined);

  get(bytes: Buffer, start: number, end: number): string {
    if (end - start > maxBytes) return bytes.toString("utf8", start, end);
    let hash = end - start;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 12)) & (slots - 1);
    const known = this.#names[slot];
    if (known !== undefined && equals(known, bytes, start, end)) return known;
    const name = bytes.toString("utf8", start, end);
    this.#names[slot] = name;
    return name;
  }
}

/** Exact for ASCII; any other text never equals and is decoded anew. */
function equals(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let index = 0; index < text.length; index++) {
    const byte = bytes[start + index] ?? 0;
    if (byte > 127 || text.charCodeAt(index) !== byte) return false;
  }
  return true;
}
