import t from "tap";
import { fieldsAt, sampleType } from "../../../testing/apply-fixture.ts";
import { withoutFields } from "./prune.ts";

interface Case {
  readonly title: string;
  readonly value: unknown;
  readonly former: readonly string[];
  readonly kept?: readonly string[];
  readonly left: unknown;
}

const item = 'list[{"name":"a"}]';

const cases: readonly Case[] = [
  { title: "a field goes", value: { word: "x", number: 1 }, former: ["word"], left: { number: 1 } },
  {
    title: "somebody else has it",
    value: { word: "x" },
    former: ["word"],
    kept: ["word"],
    left: { word: "x" },
  },
  { title: "what it leaves empty goes", value: { labels: { x: 1 } }, former: ["labels.x"], left: {} },
  {
    title: "unless somebody wants it empty",
    value: { labels: { x: 1 } },
    former: ["labels.x"],
    kept: ["labels"],
    left: { labels: {} },
  },
  {
    title: "free names of nobody stay",
    value: { labels: { x: 1, y: 2 } },
    former: ["labels.x"],
    left: { labels: { y: 2 } },
  },
  {
    title: "a struct goes whole, with what nobody wrote into it",
    value: { struct: { a: 1, b: 2 } },
    former: ["struct.a"],
    left: {},
  },
  {
    title: "a struct of which somebody has a part stays",
    value: { struct: { a: 1, b: 2 } },
    former: ["struct.a"],
    kept: ["struct.b"],
    left: { struct: { b: 2 } },
  },
  {
    title: "an item goes whole",
    value: { list: [{ name: "a", value: 1, other: 2 }, { name: "b" }] },
    former: [item, `${item}.name`, `${item}.value`],
    left: { list: [{ name: "b" }] },
  },
  {
    title: "an item of which somebody has a part loses only what was the writer's",
    value: { list: [{ name: "a", value: 1, other: 2 }] },
    former: [item, `${item}.name`, `${item}.value`],
    kept: [item, `${item}.name`, `${item}.other`],
    left: { list: [{ name: "a", other: 2 }] },
  },
  { title: "the last item", value: { list: [{ name: "a" }] }, former: [item, `${item}.name`], left: {} },
  { title: "values of a set", value: { set: ["a", "b"] }, former: ['set["a"]'], left: { set: ["b"] } },
  { title: "what is not there", value: { word: "x" }, former: ["struct.a", item], left: { word: "x" } },
  {
    title: "what is not what it was",
    value: { list: "odd" },
    former: [item],
    kept: [item],
    left: { list: "odd" },
  },
];

for (const { title, value, former, kept = [], left } of cases) {
  t.test(`pruning: ${title}`, async (t) => {
    t.strictSame(withoutFields(sampleType, value, fieldsAt(...former), fieldsAt(...kept)), left);
  });
}
