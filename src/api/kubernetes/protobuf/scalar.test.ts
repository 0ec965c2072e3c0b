import t from "tap";
import { encode, type ProtobufField } from "../../../testing/protobuf-encode.ts";
import { throwsWith } from "../../../testing/throws-with.ts";
import type { Scalar } from "./message.ts";
import { readScalar } from "./scalar.ts";
import { fieldsOf } from "./wire.ts";

function read(type: Scalar, value: ProtobufField[1]): unknown {
  const [field] = fieldsOf(encode([[1, value]]));
  return field && readScalar(type, field);
}

t.test("each scalar becomes what Go writes in JSON", async (t) => {
  const cases: readonly (readonly [Scalar, ProtobufField[1], unknown])[] = [
    ["string", "ä", "ä"],
    ["string", "", undefined],
    ["givenString", "", ""],
    ["bytes", Uint8Array.of(0, 255), "AP8="],
    ["int", 7, 7],
    ["int", 0, undefined],
    ["int", -3, -3],
    ["givenInt", 0, 0],
    ["bool", 1, true],
    ["bool", 0, undefined],
    ["givenBool", 0, false],
    ["time", [], undefined],
    ["time", [[1, 1_769_904_000]], "2026-02-01T00:00:00Z"],
    ["time", [[2, 5]], "1970-01-01T00:00:00Z"],
    [
      "microTime",
      [
        [1, 1_769_904_000],
        [2, 1_234_567],
      ],
      "2026-02-01T00:00:00.001234Z",
    ],
    ["microTime", [[1, 0]], "1970-01-01T00:00:00.000000Z"],
    ["microTime", [], undefined],
    ["json", '{"f:a":{}}', { "f:a": {} }],
    ["json", "", undefined],
  ];
  for (const [type, value, expected] of cases) t.strictSame(read(type, value), expected, `${type} ${value}`);
});

t.test("what is no such value is refused", async (t) => {
  const cases: readonly (readonly [Scalar, ProtobufField[1]])[] = [
    ["string", 5],
    ["string", Uint8Array.of(0xff)],
    ["int", "five"],
    ["int", 2n ** 60n],
    ["time", [[1, 2n ** 50n]]],
    ["time", [[1, -(2n ** 50n)]]],
    ["time", [[2, 1_000_000_000]]],
    ["json", "{"],
  ];
  for (const [type, value] of cases) throwsWith(t, () => read(type, value), "BadRequest");
});
