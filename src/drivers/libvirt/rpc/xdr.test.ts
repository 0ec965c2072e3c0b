import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import {
  array,
  type Codec,
  characters,
  hyper,
  opaque,
  optional,
  string,
  struct,
  uhyper,
  uuid,
} from "./codec.ts";
import { NameTable } from "./string-table.ts";
import { domain, domainStats, type TypedParam, typedParam, typedParams, wireError } from "./types.ts";
import { XdrError, XdrReader, XdrWriter } from "./xdr.ts";

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

t.test("values are laid out as RFC 4506 says", async (t) => {
  const hex = <T>(codec: Codec<T>, value: T): string => encode(codec, value).toString("hex");
  t.equal(hex(string, "abcde"), `00000005${Buffer.from("abcde").toString("hex")}000000`);
  t.equal(hex(string, ""), "00000000");
  t.equal(hex(optional(string), undefined), "00000000");
  t.equal(hex(optional(string), "a"), "000000010000000161000000");
  t.equal(hex(hyper, -2), "fffffffffffffffe");
  t.equal(hex(opaque, Buffer.from([1, 2])), "0000000201020000");
  t.equal(hex(array(hyper), [1]), "000000010000000000000001");
  t.equal(hex(uuid, "00112233-4455-6677-8899-aabbccddeeff"), "00112233445566778899aabbccddeeff");
  t.equal(
    hex(domain, { name: "vm", uuid: "00112233-4455-6677-8899-aabbccddeeff", id: -1 }),
    "00000002766d000000112233445566778899aabbccddeeffffffffff",
  );
  t.equal(hex(typedParam, { field: "x", type: "boolean", value: true }), "00000001780000000000000600000001");
});

t.test("64-bit integers are numbers where exact and bigints beyond", async (t) => {
  const values = [
    0,
    1,
    -1,
    Number.MAX_SAFE_INTEGER,
    -Number.MAX_SAFE_INTEGER,
    2n ** 53n,
    -(2n ** 63n),
    2n ** 63n - 1n,
  ];
  for (const value of values) t.equal(decode(hyper, encode(hyper, value)), value);
  t.equal(decode(uhyper, encode(uhyper, 2n ** 64n - 1n)), 2n ** 64n - 1n);
});

t.test("what cannot be said on the wire is refused", async (t) => {
  t.throws(() => encode(string, "a\0b"), { name: "XdrError" });
  t.throws(() => encode(string, "x".repeat(4_194_305)), { name: "XdrError" });
  t.throws(() => encode(uuid, "not-a-uuid"), { name: "XdrError" });
  t.throws(() => encode(characters(2), "three"), { name: "XdrError" });
});

const anyParam: fc.Arbitrary<TypedParam> = fc.oneof(
  fields({ field: plain(), type: fc.constant("int" as const), value: fc.integer() }),
  fields({ field: plain(), type: fc.constant("uint" as const), value: fc.nat() }),
  fields({ field: plain(), type: fc.constant("llong" as const), value: fc.maxSafeInteger() }),
  fields({
    field: plain(),
    type: fc.constant("ullong" as const),
    value: fc.bigInt(2n ** 53n, 2n ** 64n - 1n),
  }),
  fields({ field: plain(), type: fc.constant("double" as const), value: fc.double() }),
  fields({ field: plain(), type: fc.constant("boolean" as const), value: fc.boolean() }),
  fields({ field: plain(), type: fc.constant("string" as const), value: plain() }),
);

/** Objects as literals make them. */
function fields<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true });
}

function plain(): fc.Arbitrary<string> {
  return fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
}

t.test("every value that is written is read again", async () => {
  const record = struct({ first: string, second: optional(uhyper), third: typedParams });
  const anyRecord = fields({
    first: plain(),
    second: fc.option(fc.nat(), { nil: undefined }),
    third: fc.array(anyParam),
  });
  fc.assert(
    fc.property(anyRecord, (value) => {
      assert.deepEqual(decode(record, encode(record, value)), value);
    }),
  );
});

t.test("hostile bytes end in a typed error and cost no more than their own size", async (t) => {
  const codecs: readonly Codec<unknown>[] = [
    domainStats,
    wireError,
    array(array(domain)),
    array(opaque),
    characters(32),
  ];
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), lengthsEverywhere());
  fc.assert(
    fc.property(bytes, fc.constantFrom(...codecs), (input, codec) => {
      try {
        decode(codec, Buffer.from(input));
      } catch (error) {
        if (!(error instanceof XdrError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
  t.throws(() => decode(array(string), Buffer.from("7fffffff00000000", "hex")), { name: "XdrError" });
  t.throws(() => decode(string, Buffer.from("003fffff00000000", "hex")), { name: "XdrError" });
});

/** Words that look like counts, small and absurd: what hurts a decoder that believes them. */
function lengthsEverywhere(): fc.Arbitrary<Uint8Array> {
  const word = fc.oneof(
    fc.nat({ max: 8 }),
    fc.constantFrom(0x7fff_ffff, 0xffff_ffff, 0x40_0000, 0x1000_0000),
  );
  return fc.array(word, { maxLength: 60 }).map((words) => {
    const writer = new XdrWriter();
    for (const value of words) writer.uint(value);
    return writer.copy();
  });
}

t.test("a reader never looks outside its range", async (t) => {
  const bytes = encode(string, "outside");
  t.throws(() => new XdrReader(bytes, 0, 8).string(), { name: "XdrError" });
});

t.test("a name table gives the text that is there, whatever was there before", async () => {
  const names = new NameTable();
  fc.assert(
    fc.property(plain(), (text) => {
      const bytes = Buffer.from(text);
      assert.equal(names.get(bytes, 0, bytes.length), bytes.toString());
      assert.equal(names.get(bytes, 0, bytes.length), bytes.toString());
    }),
    { numRuns: 2000 },
  );
});
