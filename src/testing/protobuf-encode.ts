/** A field of a message to be written: its number, and a number, text, bytes or a message. */
export type ProtobufField = readonly [
  number: number,
  value: bigint | number | string | Uint8Array | readonly ProtobufField[],
];

/** A body as Kubernetes' clients write it: `raw` is the object. */
export function protobufBody(apiVersion: string, kind: string, raw: readonly ProtobufField[]): Buffer {
  const envelope = encode([
    [
      1,
      [
        [1, apiVersion],
        [2, kind],
      ],
    ],
    [2, raw],
    [3, ""],
    [4, ""],
  ]);
  return Buffer.concat([Buffer.from("k8s\0"), envelope]);
}

/** The bytes of a message. */
export function encode(fields: readonly ProtobufField[]): Buffer {
  return Buffer.concat(fields.flatMap(([number, value]) => encodeField(number, value)));
}

function encodeField(number: number, value: ProtobufField[1]): readonly Uint8Array[] {
  if (typeof value === "bigint" || typeof value === "number") {
    return [varint(BigInt(number) << 3n), varint(BigInt.asUintN(64, BigInt(value)))];
  }
  const bytes = typeof value === "string" ? Buffer.from(value) : isBytes(value) ? value : encode(value);
  return [varint((BigInt(number) << 3n) | 2n), varint(BigInt(bytes.length)), bytes];
}

function isBytes(value: Uint8Array | readonly ProtobufField[]): value is Uint8Array {
  return value instanceof Uint8Array;
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Uint8Array.from([...bytes, Number(rest)]);
}
