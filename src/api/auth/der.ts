/**
 * Writes ASN.1 in its distinguished encoding (X.690): the few types that a certificate is made of. It only
 * writes; nothing here reads what others send.
 */

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  context: 0x80,
  constructedContext: 0xa0,
} as const;

/** A SEQUENCE of encoded values. */
export function derSequence(...parts: readonly Uint8Array[]): Uint8Array {
  return encode(tags.sequence, ...parts);
}

/** A SET of one encoded value. */
export function derSet(part: Uint8Array): Uint8Array {
  return encode(tags.set, part);
}

/** A non-negative INTEGER from its big-endian bytes. */
export function derInteger(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const shortest = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  const signed = (shortest[0] ?? 0) >= 0x80 ? [Uint8Array.of(0), shortest] : [shortest];
  return encode(tags.integer, ...signed);
}

export function derBoolean(value: boolean): Uint8Array {
  return encode(tags.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** A BIT STRING; the last `unusedBits` bits of its last byte do not count. */
export function derBitString(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return encode(tags.bitString, Uint8Array.of(unusedBits), bytes);
}

export function derOctetString(bytes: Uint8Array): Uint8Array {
  return encode(tags.octetString, bytes);
}

export function derUtf8String(text: string): Uint8Array {
  return encode(tags.utf8String, Buffer.from(text));
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function derOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return encode(tags.objectIdentifier, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** A time in whole seconds, in the form that X.509 wants for its year (RFC 5280, 4.1.2.5). */
export function derTime(epochMs: number): Uint8Array {
  const digits = `${new Date(epochMs).toISOString().slice(0, 19).replaceAll(/[-:T]/g, "")}Z`;
  const year = Number(digits.slice(0, 4));
  return year >= 1950 && year < 2050
    ? encode(tags.utcTime, Buffer.from(digits.slice(2)))
    : encode(tags.generalizedTime, Buffer.from(digits));
}

/** `[number]` around whole encoded values. */
export function derExplicit(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return encode(tags.constructedContext + number, ...parts);
}

/** `[number]` in place of a value's own tag. */
export function derImplicit(number: number, content: Uint8Array): Uint8Array {
  return encode(tags.context + number, content);
}

function encode(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag, ...lengthOf(content.length)), content]);
}

function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let left = length; left > 0; left >>>= 8) bytes.unshift(left & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

function base128(value: number): readonly number[] {
  const bytes = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) bytes.unshift(0x80 | (left & 0x7f));
  return bytes;
}
