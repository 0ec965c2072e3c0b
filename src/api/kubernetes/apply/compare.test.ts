import t from "tap";
import { fieldsAt, sampleType } from "../../../testing/apply-fixture.ts";
import { compareFields } from "./compare.ts";

interface Case {
  readonly before: unknown;
  readonly after: unknown;
  readonly changed?: readonly string[];
  readonly removed?: readonly string[];
}

t.test("two states differ in the fields that were added, changed and removed", async (t) => {
  const item = 'list[{"name":"a"}]';
  const cases: readonly Case[] = [
    { before: { word: "x" }, after: { word: "x" } },
    { before: { word: "x" }, after: { word: "y" }, changed: ["word"] },
    { before: {}, after: { struct: { a: 1 } }, changed: ["struct", "struct.a"] },
    { before: { struct: { a: 1 } }, after: { struct: { a: 1, b: 2 } }, changed: ["struct.b"] },
    { before: { struct: { a: 1 } }, after: {}, removed: ["struct", "struct.a"] },
    { before: { struct: { a: 1 } }, after: { struct: {} }, removed: ["struct.a"] },
    { before: { struct: {} }, after: { struct: { a: 1 } }, changed: ["struct.a"] },
    {
      before: { labels: { x: 1, y: 1 } },
      after: { labels: { y: 2 } },
      changed: ["labels.y"],
      removed: ["labels.x"],
    },
    { before: { set: ["a", "b"] }, after: { set: ["b", "c"] }, changed: ['set["c"]'], removed: ['set["a"]'] },
    { before: { set: ["a", "b"] }, after: { set: ["b", "a"] } },
    {
      before: { list: [{ name: "a", value: 1 }] },
      after: { list: [{ name: "a", value: 2 }] },
      changed: [`${item}.value`],
    },
    { before: { list: [{ name: "a" }] }, after: { list: [] }, removed: [item, `${item}.name`] },
    { before: { list: [{ name: "a" }, { name: "b" }] }, after: { list: [{ name: "b" }, { name: "a" }] } },
    { before: { atomic: [1, 2] }, after: { atomic: [2, 1] }, changed: ["atomic"] },
    { before: { struct: { a: 1 } }, after: { struct: "text" }, changed: ["struct"] },
    { before: { word: "x" }, after: { word: null }, changed: ["word"] },
  ];
  for (const { before, after, changed = [], removed = [] } of cases) {
    const name = `${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
    const expected = { changed: fieldsAt(...changed), removed: fieldsAt(...removed) };
    t.same(compareFields(sampleType, before, after), expected, name);
  }
});
