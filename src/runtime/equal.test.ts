import * as fc from "fast-check";
import t from "tap";
import { deepEqual } from "./equal.ts";

const same: readonly (readonly [unknown, unknown])[] = [
  [1, 1],
  ["a", "a"],
  [null, null],
  [undefined, undefined],
  [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ],
  [{ a: 1 }, { a: 1, b: undefined }],
  [{ a: 1, b: undefined }, { a: 1 }],
  [
    [1, [2, { a: 3 }]],
    [1, [2, { a: 3 }]],
  ],
  [{}, {}],
  [[], []],
];

const different: readonly (readonly [unknown, unknown])[] = [
  [1, 2],
  [1, "1"],
  [0, false],
  [null, undefined],
  [null, {}],
  [{}, []],
  [[], {}],
  [
    [1, 2],
    [2, 1],
  ],
  [[1], [1, 2]],
  [[1, undefined], [1]],
  [{ a: 1 }, { b: 1 }],
  [{ a: 1 }, { a: 1, b: null }],
  [{ a: null }, {}],
  [{ a: { b: [1] } }, { a: { b: [2] } }],
];

t.test("the same values are equal, either way round", async (t) => {
  for (const [a, b] of same) t.ok(deepEqual(a, b) && deepEqual(b, a), JSON.stringify([a, b]));
});

t.test("different values are not, either way round", async (t) => {
  for (const [a, b] of different) t.notOk(deepEqual(a, b) || deepEqual(b, a), JSON.stringify([a, b]));
});

t.test("a copy with its keys in another order is equal, and a change is seen", async () => {
  await fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (value, key) => {
      const backwards = Object.fromEntries(Object.entries(value).reverse());
      const changed = { ...value, [key]: { other: value[key] ?? null } };
      return deepEqual(structuredClone(backwards), value) && !deepEqual(changed, value);
    }),
  );
});
