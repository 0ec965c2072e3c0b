import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { explain } from "./explain.ts";
import { filterNames } from "./framework.ts";
import { compilePolicy, spread } from "./policies.ts";
import { schedule } from "./schedule.ts";

const hosts = [
  hostState({ name: "h1" }),
  hostState({ name: "h2" }),
  hostState({ name: "h3", unschedulable: true, ready: false }),
  hostState({ name: "h4", unschedulable: true }),
];
const busy = [request(4, { name: "o" }), "h1"] as const;

t.test("every filter is told of every host, also after one has refused", async (t) => {
  const { hosts: told } = explain(request(1), snapshotOf(hosts), spread);
  t.same(
    told.map(({ hostName }) => hostName),
    ["h1", "h2", "h4", "h3"],
  );
  const [, , , last] = told;
  t.same(
    last?.filters.map(({ plugin }) => plugin),
    filterNames,
  );
  t.match(last?.filters, [
    { plugin: "HostReady", passed: false, reason: "not ready" },
    { plugin: "HostUnschedulable", passed: false, reason: "cordoned" },
    { plugin: "AcceleratorKnown", passed: true },
  ]);
  t.notOk(last && "total" in last);
});

t.test("the points of each preference add up to what was decided", async (t) => {
  const snapshot = snapshotOf(hosts, [busy]);
  const explanation = explain(request(2), snapshot, spread);
  t.match(explanation, {
    winner: "h2",
    policy: "Spread",
    hostCount: 4,
    feasibleCount: 2,
    message: "h2 is chosen, most for LeastAllocated: 2 of 4 hosts can take it",
  });
  const [best] = explanation.hosts;
  t.match(best?.scores, [{ plugin: "LeastAllocated", points: 75, weight: 1 }]);
  t.equal(
    best?.total,
    best?.scores?.reduce((sum, { points, weight }) => sum + points * weight, 0),
  );
  t.match(schedule(request(2), snapshot, spread), { hostName: "h2", score: best?.total });
});

t.test("among equals it says so, and where nothing fits it says why", async (t) => {
  t.equal(
    explain(request(2), snapshotOf(hosts), spread).message,
    "h1 is chosen, the first of equals in host order: 2 of 4 hosts can take it",
  );
  const nowhere = explain(request(9), snapshotOf(hosts), spread);
  t.notOk("winner" in nowhere);
  t.equal(nowhere.message, "0 of 4 hosts can take it: 2 with too few CPUs, 1 not ready, 1 cordoned");
});

t.test("of many hosts the best are told in full, the rest in groups", async (t) => {
  const many = Array.from({ length: 3_000 }, (_, index) =>
    hostState({
      name: `h${String(index).padStart(4, "0")}`,
      ready: index % 3 !== 0,
      taints: index % 3 === 1 ? [{ key: "a", effect: "NoSchedule" }] : [],
    }),
  );
  const explanation = explain(request(1), snapshotOf(many), compilePolicy({ type: "BinPacking" }), {
    detailed: 2,
    hostNames: new Set(["h0003"]),
  });
  t.same(
    explanation.hosts.map(({ hostName }) => hostName),
    ["h0002", "h0005", "h0003"],
  );
  t.match(explanation.others, [
    { hostCount: 1000, refusals: [{ plugin: "TaintToleration", reason: "with taint a:NoSchedule" }] },
    { hostCount: 999, examples: ["h0000", "h0006", "h0009"] },
    { hostCount: 998, refusals: [], examples: ["h0008", "h0011", "h0014"] },
  ]);
  t.ok(JSON.stringify(explanation).length < 4_000);
});

t.test("an explanation is bounded however many reasons there are", async (t) => {
  const many = Array.from({ length: 100 }, (_, index) =>
    hostState({ name: `h${index}`, taints: [{ key: `t${index}`, effect: "NoSchedule" }] }),
  );
  const { others } = explain(request(1), snapshotOf(many), spread, { detailed: 0 });
  t.equal(others.length, 20);
  t.equal(
    others.reduce((sum, { hostCount }) => sum + hostCount, 0),
    100,
  );
});
