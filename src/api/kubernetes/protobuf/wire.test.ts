import t from "tap";
import { encode } from "../../../testing/protobuf-encode.ts";
import { throwsWith } from "../../../testing/throws-with.ts";
import { fieldsOf } from "./wire.ts";

function read(...bytes: readonly number[]) {
  return [...fieldsOf(Uint8Array.from(bytes))];
}

t.test("numbers of any size and bytes are read in their order", async (t) => {
  const message = encode([
    [1, 0],
    [2, "a"],
    [1, -1],
    [300, 2 ** 40],
  ]);
  t.strictSame(
    [...fieldsOf(message)].map(({ number, value }) => [
      number,
      typeof value === "bigint" ? value : [...value],
    ]),
    [
      [1, 0n],
      [2, [97]],
      [1, 2n ** 64n - 1n],
      [300, 2n ** 40n],
    ],
  );
  t.strictSame(read(), []);
});

t.test("fields of fixed width are bytes", async (t) => {
  t.match(read(0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x15, 1, 2, 3, 4), [
    { number: 1, value: { length: 8 } },
    { number: 2, value: { length: 4 } },
  ]);
});

t.test("what is no message is refused, whatever it claims", async (t) => {
  const cases: Readonly<Record<string, readonly number[]>> = {
    "ends in a tag": [0x80],
    "ends in a number": [0x08, 0x80],
    "ends in bytes": [0x0a, 5, 1],
    "claims gigabytes": [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f],
    "claims more than a number can hold": [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    "a number of eleven bytes": [0x08, ...Array(10).fill(0xff), 1],
    "field 0": [0x00, 1],
    "an old group": [0x0b, 0x0c],
    "an unknown wire type": [0x0e],
  };
  for (const [name, bytes] of Object.entries(cases)) {
    await t.test(name, async (t) =>
      throwsWith(t, () => read(...bytes), "BadRequest", "not a valid protobuf"),
    );
  }
});
