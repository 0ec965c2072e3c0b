import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { pointsOf, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { machineAffinityScore } from "./machine-affinity-score.ts";

const hosts = [
  hostState({ labels: { rack: "a" } }),
  hostState({ name: "h2", labels: { rack: "b" } }),
  hostState({ name: "h3" }),
];
const machine = (name: string, app: string) => request(1, { name, labels: { app } });
const wish = (weight: number, app: string) => ({
  weight,
  machineAffinityTerm: { labelSelector: { matchLabels: { app } }, topologyKey: "rack" },
});
const rather = "preferredDuringSchedulingIgnoredDuringExecution";

t.test("each machine nearby counts for the weight of its term, for or against", async (t) => {
  const snapshot = snapshotOf(hosts, [
    [machine("c1", "cache"), "h1"],
    [machine("c2", "cache"), "h1"],
    [machine("n1", "noisy"), "h2"],
  ]);
  const affinity = {
    machineAffinity: { [rather]: [wish(10, "cache")] },
    machineAntiAffinity: { [rather]: [wish(20, "noisy")] },
  };
  t.strictSame(pointsOf(machineAffinityScore, request(1, { rules: { affinity } }), snapshot), {
    h1: 100,
    h2: 0,
    h3: 50,
  });
});

t.test("without wishes, or with no such machines, all hosts are the same", async (t) => {
  t.strictSame(pointsOf(machineAffinityScore, request(1), snapshotOf(hosts)), {});
  const affinity = { machineAffinity: { [rather]: [wish(10, "cache")] } };
  t.strictSame(pointsOf(machineAffinityScore, request(1, { rules: { affinity } }), snapshotOf(hosts)), {
    h1: 0,
    h2: 0,
    h3: 0,
  });
});
