import t from "tap";
import {
  array,
  bool,
  type Codec,
  characters,
  hyper,
  opaque,
  optional,
  string,
  struct,
  uint,
  uuid,
} from "./codec.ts";
import { XdrReader, XdrWriter } from "./xdr.ts";

function encode<T>(codec: Codec<T>, value: T): Buffer {
  const writer = new XdrWriter();
  codec.write(writer, value);
  return writer.copy();
}

function decode<T>(codec: Codec<T>, bytes: Buffer): T {
  const reader = new XdrReader(bytes);
  const value = codec.read(reader);
  reader.finish();
  return value;
}

const hex = <T>(codec: Codec<T>, value: T): string => encode(codec, value).toString("hex");

t.test("values are laid out as RFC 4506 and libvirt say", async (t) => {
  t.equal(hex(string, "abcde"), `00000005${Buffer.from("abcde").toString("hex")}000000`);
  t.equal(hex(string, ""), "00000000");
  t.equal(hex(optional(string), undefined), "00000000");
  t.equal(hex(optional(string), "a"), "000000010000000161000000");
  t.equal(hex(bool, true), "00000001");
  t.equal(hex(hyper, -2), "fffffffffffffffe");
  t.equal(hex(opaque, Buffer.from([1, 2])), "0000000201020000");
  t.equal(hex(array(hyper), [1]), "000000010000000000000001");
  t.equal(hex(uuid, "00112233-4455-6677-8899-aabbccddeeff"), "00112233445566778899aabbccddeeff");
  t.equal(hex(characters(3), "ab"), "000000610000006200000000");
});

t.test("a struct is its fields in the order written, and what is absent may be left out", async (t) => {
  const record = struct({ first: uint, second: optional(string), third: uint });
  t.equal(hex(record, { first: 1, third: 3 }), "000000010000000000000003");
  const second = "text";
  const whole = { first: 1, second, third: 3 };
  t.strictSame(decode(record, encode(record, whole)), whole);
  t.strictSame(decode(record, encode(record, { first: 1, third: 3 })), { ...whole, second: undefined });
});

t.test("a UUID is read in lower case, and text of fixed length up to its first NUL", async (t) => {
  const id = "00112233-4455-6677-8899-aabbccddeeff";
  t.equal(decode(uuid, encode(uuid, id.toUpperCase())), id);
  t.equal(decode(characters(5), encode(characters(5), "abc")), "abc");
});

t.test("what cannot be said on the wire is refused", async (t) => {
  t.throws(() => encode(uuid, "not-a-uuid"), { name: "XdrError" });
  t.throws(() => encode(characters(2), "three"), { name: "XdrError" });
});

t.test("bytes are copied, so that they do not keep an answer alive", async (t) => {
  const wire = encode(opaque, Buffer.from("data"));
  const value = decode(opaque, wire);
  wire.fill(0);
  t.equal(String(value), "data");
});
