import t from "tap";
import { request } from "../testing/host-state.ts";
import { applyChanges, type Change, describeChange } from "./change.ts";

const must = "requiredDuringSchedulingIgnoredDuringExecution";
const term = (topologyKey: string) => ({ labelSelector: {}, topologyKey });
const spread = (topologyKey: string) => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: "DoNotSchedule" as const,
  labelSelector: {},
});
const asked = request(4, {
  rules: {
    hostSelector: { disk: "ssd", zone: "a" },
    affinity: {
      hostAffinity: { [must]: { hostSelectorTerms: [] } },
      machineAntiAffinity: { [must]: [term("a"), term("b"), term("c")] },
    },
    topologySpreadConstraints: [spread("a"), spread("b")],
  },
});

t.test("several terms are dropped by the places that they had", async (t) => {
  const drop = (index: number): Change => ({
    type: "DropAffinityTerm",
    affinity: "machineAntiAffinity",
    index,
    topologyKey: "",
  });
  const { affinity } = applyChanges(asked, [drop(0), drop(1)]).rules;
  t.same(affinity?.machineAntiAffinity?.[must], [term("c")]);
  t.ok(affinity?.hostAffinity?.[must]);
});

t.test("each change does what it says and leaves the rest", async (t) => {
  const changes: readonly Change[] = [
    { type: "ReduceResources", cpus: 1, memoryBytes: 100, diskBytes: 0 },
    { type: "TolerateTaint", taint: { key: "a", effect: "NoSchedule" } },
    { type: "DropHostSelector", labels: { disk: "ssd" } },
    { type: "DropHostAffinity" },
    { type: "DropSpreadConstraint", index: 0, topologyKey: "a" },
    { type: "RaiseMaxSkew", index: 1, topologyKey: "b", from: 1, to: 3 },
    { type: "Uncordon" },
    { type: "AwaitHost", reason: "not ready" },
    { type: "MoveMachines", machines: [] },
  ];
  const { resources, rules } = applyChanges(asked, changes);
  t.same(resources, { cpus: 3, memoryBytes: 300, diskBytes: 4_000 });
  t.same(rules.hostSelector, { zone: "a" });
  t.same(rules.affinity?.hostAffinity, {});
  t.same(rules.topologySpreadConstraints, [{ ...spread("b"), maxSkew: 3 }]);
  t.match(rules.tolerations, [{ key: "a", operator: "Equal", effect: "NoSchedule" }]);
  t.equal(applyChanges(asked, []), asked);
});

t.test("an instruction names the machine, the place and the amount", async (t) => {
  const moved = { uid: "u", namespace: "blue", name: "web" };
  const words: readonly [Change, string][] = [
    [
      { type: "ReduceResources", cpus: 1, memoryBytes: 2 ** 20 + 1, diskBytes: 0 },
      "ask for 1 CPU and 2Mi memory less",
    ],
    [
      { type: "MoveMachines", machines: [moved, { ...moved, destination: "h2" }] },
      "stop blue/web, move blue/web to h2",
    ],
    [{ type: "DropSpreadConstraint", index: 0, topologyKey: "zone" }, "drop the spread constraint on zone"],
  ];
  for (const [change, text] of words) t.equal(describeChange(change), text);
});
