import t from "tap";
import { throwsWith } from "../../testing/throws-with.ts";
import { parseListWish } from "./list-options.ts";

const parse = (query: string) => parseListWish(new URLSearchParams(query));

t.test("which state is asked for", async (t) => {
  const cases: Readonly<
    Record<string, readonly [exactly: string | undefined, notOlder: bigint | undefined]>
  > = {
    "": [undefined, undefined],
    "resourceVersion=": [undefined, undefined],
    "resourceVersion=0": [undefined, undefined],
    "resourceVersion=0&resourceVersionMatch=NotOlderThan": [undefined, undefined],
    "resourceVersion=7": [undefined, 7n],
    "resourceVersion=7&resourceVersionMatch=NotOlderThan&limit=5": [undefined, 7n],
    "resourceVersion=7&resourceVersionMatch=Exact": ["7", 7n],
    "resourceVersion=7&limit=5": ["7", 7n],
    "resourceVersion=7&limit=0": [undefined, 7n],
  };
  for (const [query, [exactly, notOlderThan]] of Object.entries(cases)) {
    t.match(parse(query), { exactly, notOlderThan }, query);
  }
});

t.test("what contradicts itself is refused with Kubernetes' words", async (t) => {
  const cases: Readonly<Record<string, string>> = {
    "resourceVersionMatch=Exact": "forbidden unless resourceVersion is provided",
    "resourceVersionMatch=Exact&resourceVersion=0": 'forbidden for resourceVersion "0"',
    "resourceVersionMatch=Some&resourceVersion=1": 'supported values: "Exact", "NotOlderThan"',
    "resourceVersionMatch=Exact&resourceVersion=1&continue=x": "forbidden when continue is provided",
    "sendInitialEvents=true": "forbidden for list",
  };
  for (const [query, message] of Object.entries(cases)) throwsWith(t, () => parse(query), "Invalid", message);
  throwsWith(t, () => parse("continue=x&resourceVersion=5"), "BadRequest", "not allowed when using continue");
  for (const query of ["limit=-1", "limit=x", "resourceVersion=x", "resourceVersion=-1"]) {
    throwsWith(t, () => parse(query), "BadRequest");
  }
  t.equal(parse("continue=x&resourceVersion=0&limit=0").continue, "x");
});
