import t from "tap";
import { sampleType } from "../../../testing/apply-fixture.ts";
import { mergeConfiguration } from "./merge.ts";

const named = (...names: readonly string[]) => ({ list: names.map((name) => ({ name })) });

t.test("a configuration is put into what is there", async (t) => {
  const cases: readonly (readonly [live: unknown, config: unknown, merged: unknown])[] = [
    [{ word: "x", number: 1 }, { word: "y" }, { word: "y", number: 1 }],
    [{ struct: { a: 1 } }, { struct: { b: 2 } }, { struct: { a: 1, b: 2 } }],
    [{ struct: { a: 1 } }, { struct: {} }, { struct: { a: 1 } }],
    [{ labels: { x: "1" } }, { labels: { y: "2" } }, { labels: { x: "1", y: "2" } }],
    [{ set: ["a", "b"] }, { set: ["c", "b"] }, { set: ["a", "c", "b"] }],
    [{ atomic: [1, 2] }, { atomic: [3] }, { atomic: [3] }],
    [
      { list: [{ name: "a", value: 1, other: 1 }] },
      { list: [{ name: "a", value: 2 }] },
      { list: [{ name: "a", value: 2, other: 1 }] },
    ],
    [{ list: "odd" }, named("a"), named("a")],
    [undefined, { word: "x" }, { word: "x" }],
    [{ word: "x" }, undefined, { word: "x" }],
  ];
  for (const [live, config, merged] of cases) {
    const before = structuredClone(live);
    t.strictSame(mergeConfiguration(sampleType, live, config), merged, JSON.stringify([live, config]));
    t.strictSame(live, before, "what is there is untouched");
  }
});

t.test("items stand as the configuration has them, others before what they stood before", async (t) => {
  const cases: readonly (readonly [live: string, config: string, merged: string])[] = [
    ["ab", "ab", "ab"],
    ["ab", "ba", "ba"],
    ["ab", "bc", "abc"],
    ["ab", "c", "abc"],
    ["", "ab", "ab"],
    ["ab", "", "ab"],
    ["abc", "ca", "bca"],
    ["abcd", "db", "acdb"],
    ["xay", "ba", "xbay"],
  ];
  for (const [live, config, merged] of cases) {
    t.same(
      mergeConfiguration(sampleType, named(...live), named(...config)),
      named(...merged),
      `${live} ${config}`,
    );
  }
});
