import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import { array, type Codec, characters, opaque, optional, string, struct, uhyper } from "./codec.ts";
import {
  domain,
  domainStats,
  paramMap,
  type TypedParam,
  typedParam,
  typedParams,
  wireError,
} from "./types.ts";
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

t.test("domains and parameters are laid out as a daemon expects them", async (t) => {
  const machine = { name: "vm", uuid: "00112233-4455-6677-8899-aabbccddeeff", id: -1 };
  t.equal(
    encode(domain, machine).toString("hex"),
    "00000002766d000000112233445566778899aabbccddeeffffffffff",
  );
  const flag = { field: "x", type: "boolean", value: true } as const;
  t.equal(encode(typedParam, flag).toString("hex"), "00000001780000000000000600000001");
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

t.test("hostile bytes end in a typed error and cost no more than their own size", async () => {
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

t.test("parameters are found by name, and the last of a name counts", async (t) => {
  const params: TypedParam[] = [
    { field: "a", type: "int", value: 1 },
    { field: "a", type: "string", value: "two" },
  ];
  t.strictSame([...paramMap(params)], [["a", "two"]]);
});
