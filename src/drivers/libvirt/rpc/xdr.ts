/** Bytes that are not what they must be: cut short, out of range, or too long. */
export class XdrError extends Error {
  override readonly name = "XdrError";
}

/** libvirt refuses strings above this many bytes. */
export const maxStringBytes = 4_194_304;

const initialBytes = 512;
const wordsPerHyper = 0x1_0000_0000;

/** Appends values in XDR (RFC 4506: big endian, everything a multiple of four bytes) to a growing buffer. */
export class XdrWriter {
  #bytes = Buffer.allocUnsafe(initialBytes);
  #length = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Forgets what was written after the first `length` bytes. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** A copy of what was written from `start` on. */
  copy(start = 0): Buffer {
    return Buffer.from(this.#bytes.subarray(start, this.#length));
  }

  /** Overwrites the word at `offset`. */
  patchUint(offset: number, value: number): void {
    this.#bytes.writeUInt32BE(value, offset);
  }

  int(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeInt32BE(value, this.#length);
  }

  uint(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32BE(value, this.#length);
  }

  hyper(value: number | bigint): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeBigInt64BE(BigInt(value), this.#length);
  }

  uhyper(value: number | bigint): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeBigUInt64BE(BigInt(value), this.#length);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleBE(value, this.#length);
  }

  /** UTF-8. A NUL is refused: the daemon would silently cut the text there. */
  string(value: string): void {
    const bytes = Buffer.byteLength(value);
    if (bytes > maxStringBytes) throw new XdrError(`a string of ${bytes} bytes: at most ${maxStringBytes}`);
    if (value.includes("\0")) throw new XdrError("a string with a NUL character");
    this.uint(bytes);
    this.#reserve(bytes + 3);
    this.#bytes.write(value, this.#length);
    this.#length += bytes;
    this.#pad(bytes);
  }

  /** Bytes whose number both sides know. */
  fixedOpaque(value: Uint8Array): void {
    this.#reserve(value.length + 3);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    this.#pad(value.length);
  }

  opaque(value: Uint8Array): void {
    this.uint(value.length);
    this.fixedOpaque(value);
  }

  #pad(bytes: number): void {
    const end = this.#length + (-bytes & 3);
    while (this.#length < end) this.#bytes[this.#length++] = 0;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** Remembers short strings that come again and again, such as names of statistics. */
export interface StringTable {
  /** The text of `bytes[start, end)`. */
  get(bytes: Buffer, start: number, end: number): string;
}

/**
 * Takes XDR values out of `bytes[start, end)`. Every length is checked against what is really there before
 * anything is allocated, so an answer costs no more memory than its own size. Throws `XdrError`.
 */
export class XdrReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #names: StringTable | undefined;
  #offset: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length, names?: StringTable) {
    this.#bytes = bytes;
    this.#offset = start;
    this.#end = end;
    this.#names = names;
  }

  get remaining(): number {
    return this.#end - this.#offset;
  }

  int(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  uint(): number {
    return this.#bytes.readUInt32BE(this.#advance(4));
  }

  /** A number where a number is exact, else a bigint. */
  hyper(): number | bigint {
    const at = this.#advance(8);
    return exact(this.#bytes.readInt32BE(at), this.#bytes.readUInt32BE(at + 4));
  }

  /** A number where a number is exact, else a bigint. */
  uhyper(): number | bigint {
    const at = this.#advance(8);
    return exact(this.#bytes.readUInt32BE(at), this.#bytes.readUInt32BE(at + 4));
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.#advance(8));
  }

  string(): string {
    const length = this.#stringLength();
    const start = this.#advance(length + (-length & 3));
    return this.#bytes.toString("utf8", start, start + length);
  }

  /** A string that is likely to come again. */
  name(): string {
    if (this.#names === undefined) return this.string();
    const length = this.#stringLength();
    const start = this.#advance(length + (-length & 3));
    return this.#names.get(this.#bytes, start, start + length);
  }

  /** A view, not a copy. */
  fixedOpaque(length: number): Buffer {
    const start = this.#advance(length + (-length & 3));
    return this.#bytes.subarray(start, start + length);
  }

  /** Bytes whose number both sides know, as lower-case hexadecimal digits. */
  hex(length: number): string {
    const start = this.#advance(length + (-length & 3));
    return this.#bytes.toString("hex", start, start + length);
  }

  opaque(): Buffer {
    return this.fixedOpaque(this.uint());
  }

  /** All that is left, of whatever length, as a view. */
  rest(): Buffer {
    const start = this.#advance(this.remaining);
    return this.#bytes.subarray(start, this.#end);
  }

  /** The number of items of an array; each item takes at least four bytes. */
  count(): number {
    const count = this.uint();
    if (count > this.remaining / 4) throw new XdrError(`${count} items in ${this.remaining} bytes`);
    return count;
  }

  /** Whether an optional value follows. */
  present(): boolean {
    const flag = this.uint();
    if (flag > 1) throw new XdrError(`${flag} where only 0 or 1 may stand`);
    return flag === 1;
  }

  /** Throws unless everything was read. */
  finish(): void {
    if (this.remaining !== 0) throw new XdrError(`${this.remaining} bytes more than expected`);
  }

  #stringLength(): number {
    const length = this.uint();
    if (length > maxStringBytes) throw new XdrError(`a string of ${length} bytes: at most ${maxStringBytes}`);
    return length;
  }

  #advance(bytes: number): number {
    const start = this.#offset;
    if (bytes > this.#end - start) throw new XdrError(`${bytes} bytes expected, ${this.#end - start} left`);
    this.#offset = start + bytes;
    return start;
  }
}

function exact(high: number, low: number): number | bigint {
  const value = high * wordsPerHyper + low;
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low);
}
