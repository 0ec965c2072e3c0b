import t from "tap";
import { jsonEqual } from "./json-equal.ts";

t.test("values are equal as JSON is", async (t) => {
  const equal: [unknown, unknown][] = [
    [1, 1],
    ["a", "a"],
    [null, null],
    [
      { a: 1, b: { c: [1, { d: 2 }] } },
      { b: { c: [1, { d: 2 }] }, a: 1 },
    ],
    [{ a: 1, b: undefined }, { a: 1 }],
    [[], []],
    [{}, { a: undefined }],
  ];
  for (const [a, b] of equal) t.ok(jsonEqual(a, b) && jsonEqual(b, a), `${JSON.stringify(a)}`);
  const different: [unknown, unknown][] = [
    [1, "1"],
    [null, undefined],
    [null, {}],
    [[], {}],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: 1 }, { b: 1 }],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
  ];
  for (const [a, b] of different) t.notOk(jsonEqual(a, b) || jsonEqual(b, a), `${JSON.stringify([a, b])}`);
});
