import { StatusError } from "../../../runtime/errors.ts";

/** One field as it stands in a message: a number, or bytes. */
export type WireField =
  | { readonly number: number; readonly type: "varint"; readonly value: bigint }
  | { readonly number: number; readonly type: "bytes"; readonly value: Uint8Array };

/** The error of a body that is no protobuf, or not the message that it says it is. */
export function malformed(why: string): StatusError {
  return new StatusError("BadRequest", `the request body is not a valid protobuf message: ${why}`);
}

/** The fields of a message in the order in which they stand; those of fixed width are given as bytes. */
export function* fieldsOf(message: Uint8Array): Generator<WireField> {
  let at = 0;
  const varint = (): bigint => {
    const read = readVarint(message, at);
    at = read.next;
    return read.value;
  };
  const bytes = (length: number): Uint8Array => {
    if (length > message.length - at) throw malformed("it ends within a field");
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    if (number < 1 || number > maxFieldNumber) throw malformed("a field has an impossible number");
    switch (Number(tag & 7n)) {
      case 0:
        yield { number, type: "varint", value: varint() };
        break;
      case 1:
        yield { number, type: "bytes", value: bytes(8) };
        break;
      case 2:
        yield { number, type: "bytes", value: bytes(Number(varint())) };
        break;
      case 5:
        yield { number, type: "bytes", value: bytes(4) };
        break;
      default:
        throw malformed("a field is of an unknown wire type");
    }
  }
}

const maxFieldNumber = 2 ** 29 - 1;

/** Ten bytes of seven bits, the lowest first. */
function readVarint(message: Uint8Array, start: number): { readonly value: bigint; readonly next: number } {
  let value = 0n;
  for (let index = 0; index < 10; index += 1) {
    const byte = message[start + index];
    if (byte === undefined) throw malformed("it ends within a number");
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: start + index + 1 };
  }
  throw malformed("a number has more than ten bytes");
}
