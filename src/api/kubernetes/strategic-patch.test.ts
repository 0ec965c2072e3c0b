import t from "tap";
import { sampleType } from "../../testing/apply-fixture.ts";
import { throwsWith } from "../../testing/throws-with.ts";
import { strategicMergePatch } from "./strategic-patch.ts";

interface Case {
  readonly title: string;
  readonly target: unknown;
  readonly patch: unknown;
  readonly result: unknown;
}

const list = [{ name: "a", value: 1, other: 1 }, { name: "b" }];

const cases: readonly Case[] = [
  {
    title: "maps merge",
    target: { word: "x", struct: { a: 1 } },
    patch: { struct: { b: 2 } },
    result: { word: "x", struct: { a: 1, b: 2 } },
  },
  {
    title: "null removes",
    target: { word: "x", struct: { a: 1 } },
    patch: { word: null, struct: { a: null } },
    result: { struct: {} },
  },
  {
    title: "atomic lists are replaced",
    target: { atomic: [1, 2] },
    patch: { atomic: [3] },
    result: { atomic: [3] },
  },
  {
    title: "items merge by key",
    target: { list },
    patch: { list: [{ name: "a", value: 2 }] },
    result: { list: [{ name: "a", value: 2, other: 1 }, { name: "b" }] },
  },
  {
    title: "new items come last",
    target: { list },
    patch: { list: [{ name: "c" }, { name: "a", other: null }] },
    result: { list: [{ name: "a", value: 1 }, { name: "b" }, { name: "c" }] },
  },
  {
    title: "an item is deleted",
    target: { list },
    patch: {
      list: [
        { $patch: "delete", name: "a" },
        { $patch: "delete", name: "z" },
      ],
    },
    result: { list: [{ name: "b" }] },
  },
  {
    title: "an item is replaced",
    target: { list },
    patch: { list: [{ $patch: "replace", name: "z" }] },
    result: { list: [] },
  },
  {
    title: "a list is replaced",
    target: { list },
    patch: { list: [{ $patch: "replace" }, { name: "z" }] },
    result: { list: [{ name: "z" }] },
  },
  {
    title: "a map is replaced",
    target: { struct: { a: 1 } },
    patch: { struct: { $patch: "replace", b: 2 } },
    result: { struct: { b: 2 } },
  },
  {
    title: "a map is deleted",
    target: { struct: { a: 1 }, word: "x" },
    patch: { struct: { $patch: "delete" } },
    result: { word: "x" },
  },
  {
    title: "merge is what is done anyway",
    target: { struct: { a: 1 } },
    patch: { struct: { $patch: "merge", b: 2 } },
    result: { struct: { a: 1, b: 2 } },
  },
  { title: "the whole is deleted", target: { word: "x" }, patch: { $patch: "delete" }, result: {} },
  {
    title: "the whole is replaced",
    target: { word: "x" },
    patch: { $patch: "replace", number: 1 },
    result: { number: 1 },
  },
  {
    title: "only some keys are retained",
    target: { struct: { a: 1, inner: {} } },
    patch: { struct: { $retainKeys: ["b", "inner"], b: 2 } },
    result: { struct: { inner: {}, b: 2 } },
  },
  {
    title: "sets are joined",
    target: { set: ["a", "b"] },
    patch: { set: ["b", "c"] },
    result: { set: ["a", "b", "c"] },
  },
  {
    title: "values of a set are deleted",
    target: { set: ["a", "b"] },
    patch: { "$deleteFromPrimitiveList/set": ["a", "z"] },
    result: { set: ["b"] },
  },
  {
    title: "and others added",
    target: { set: ["a", "b"] },
    patch: { "$deleteFromPrimitiveList/set": ["a"], set: ["c"] },
    result: { set: ["b", "c"] },
  },
  {
    title: "items are put in order",
    target: { list },
    patch: { "$setElementOrder/list": [{ name: "b" }, { name: "a" }] },
    result: { list: [{ name: "b" }, { name: "a", value: 1, other: 1 }] },
  },
  {
    title: "items that the writer does not know stay before what they stood before",
    target: { list: [{ name: "x" }, { name: "a" }, { name: "y" }, { name: "b" }] },
    patch: { "$setElementOrder/list": [{ name: "a" }, { name: "c" }, { name: "b" }], list: [{ name: "c" }] },
    result: { list: [{ name: "x" }, { name: "a" }, { name: "c" }, { name: "y" }, { name: "b" }] },
  },
  {
    title: "sets are put in order",
    target: { set: ["a", "b"] },
    patch: { "$setElementOrder/set": ["c", "b", "a"], set: ["c"] },
    result: { set: ["c", "b", "a"] },
  },
  {
    title: "an order alone makes no list",
    target: {},
    patch: { "$setElementOrder/list": [{ name: "a" }] },
    result: {},
  },
  {
    title: "lists within items merge too",
    target: { list: [{ name: "a", set: ["x"] }] },
    patch: { list: [{ name: "a", set: ["y"] }] },
    result: { list: [{ name: "a", set: ["x", "y"] }] },
  },
  {
    title: "what is no list is left to validation",
    target: { list },
    patch: { list: "odd" },
    result: { list: "odd" },
  },
  {
    title: "fields that the schema lacks too",
    target: {},
    patch: { nosuch: { a: [1] } },
    result: { nosuch: { a: [1] } },
  },
];

for (const { title, target, patch, result } of cases) {
  t.test(`strategic merge patch: ${title}`, async (t) => {
    const before = structuredClone([target, patch]);
    t.strictSame(strategicMergePatch(sampleType, target, patch), result);
    t.strictSame([target, patch], before, "neither is changed");
  });
}

t.test("a directive that cannot be followed is a bad request", async (t) => {
  const patches: readonly (readonly [patch: unknown, message: string])[] = [
    [[], "must be an object"],
    ["text", "must be an object"],
    [{ $patch: "explode" }, "$patch must be merge, replace or delete"],
    [{ struct: { $patch: 1 } }, "$patch must be"],
    [{ $explode: 1 }, 'no directive "$explode"'],
    [{ "$explode/list": [] }, "no directive"],
    [{ $retainKeys: "a" }, "$retainKeys must be a list"],
    [{ $retainKeys: [1] }, "$retainKeys must be a list"],
    [{ struct: { $retainKeys: ["a"], b: 1 } }, 'lacks "b"'],
    [{ "$setElementOrder/list": "a" }, "must be a list"],
    [{ "$setElementOrder/atomic": [1] }, '"atomic" is no list that is merged'],
    [{ "$setElementOrder/nosuch": [1] }, "no list that is merged"],
    [{ "$setElementOrder/list": [{ name: "a" }], list: [{ name: "b" }] }, "must name every item"],
    [{ "$deleteFromPrimitiveList/list": ["a"] }, "remove items with $patch: delete"],
    [{ list: [{ value: 1 }] }, "merge keys name"],
    [{ list: ["a"] }, "merge keys name"],
    [{ set: [{ $patch: "delete" }] }, "are no objects"],
  ];
  for (const [patch, message] of patches) {
    throwsWith(t, () => strategicMergePatch(sampleType, { list }, patch), "BadRequest", message);
  }
});
