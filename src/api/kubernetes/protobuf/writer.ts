/** A message in the making: its parts in the order in which they were written. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** Text, bytes or a message; in proto3 an empty text is not written. */
  text(number: number, value: string | undefined): this {
    return value === undefined || value === "" ? this : this.bytes(number, encoder.encode(value));
  }

  bytes(number: number, value: Uint8Array): this {
    return this.#append(varint(number * 8 + 2), varint(value.length), value);
  }

  message(number: number, value: ProtobufWriter | undefined): this {
    return value === undefined ? this : this.bytes(number, value.finish());
  }

  /** A number from 0 to 2^53 or a boolean; zero is not written. */
  integer(number: number, value: number | boolean | undefined): this {
    const given = Number(value ?? 0);
    return given === 0 ? this : this.#append(varint(number * 8), varint(given));
  }

  double(number: number, value: number | undefined): this {
    if (value === undefined || value === 0) return this;
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    return this.#append(varint(number * 8 + 1), bytes);
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #append(...parts: readonly Uint8Array[]): this {
    for (const part of parts) {
      this.#parts.push(part);
      this.#length += part.length;
    }
    return this;
  }
}

const encoder = new TextEncoder();

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Uint8Array.from([...bytes, rest]);
}
