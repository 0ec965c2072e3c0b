import t from "tap";
import { choosesHost, matchesHostTerm, requiredHostTerms } from "./host-choice.ts";
import type { PlacementRules } from "./request.ts";

const inA = { matchExpressions: [{ key: "zone", operator: "In" as const, values: ["a"] }] };
const big = { matchExpressions: [{ key: "size", operator: "Gt" as const, values: ["5"] }] };
const rules: PlacementRules = {
  hostSelector: { disk: "ssd" },
  affinity: {
    hostAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { hostSelectorTerms: [inA, big] } },
  },
};

t.test("a host must have the labels and be what one term asks for", async (t) => {
  t.ok(choosesHost(rules, { disk: "ssd", zone: "a" }));
  t.ok(choosesHost(rules, { disk: "ssd", size: "6" }));
  t.notOk(choosesHost(rules, { disk: "ssd", zone: "b", size: "5" }));
  t.notOk(choosesHost(rules, { zone: "a" }));
  t.ok(choosesHost({}, {}));
});

t.test("all of a term must hold, and no terms ask for nothing", async (t) => {
  const both = { matchExpressions: [...inA.matchExpressions, ...big.matchExpressions] };
  t.notOk(matchesHostTerm(both, { zone: "a" }));
  t.ok(matchesHostTerm(both, { zone: "a", size: "9" }));
  t.equal(requiredHostTerms({}), undefined);
  t.strictSame(requiredHostTerms(rules), [inA, big]);
});
