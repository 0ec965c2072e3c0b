import t from "tap";
import { type PlacementPolicySpec, scorePluginNames } from "../schema/placement-policy.ts";
import { hostState, request } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { filterNames } from "./framework.ts";
import type { HostState } from "./host-state.ts";
import { compilePolicy, filters, scorePlugins } from "./policies.ts";
import { schedule } from "./schedule.ts";

const host = (name: string, changes: Partial<HostState> = {}) => hostState({ name, ...changes });
const three = [host("h1"), host("h2"), host("h3")];

/** Places machines one after another and tells where: one letter for each. */
function places(spec: PlacementPolicySpec, sizes: readonly number[], hosts = three): string {
  const profile = compilePolicy(spec);
  const snapshot = snapshotOf(hosts);
  const names = sizes.map((cpus, index) => {
    const machine = request(cpus, { name: `m${index}` });
    const placement = schedule(machine, snapshot, profile);
    if (placement.type === "unschedulable") return "-";
    snapshot.assume(machine, placement.hostName);
    snapshot.noteUsed(placement.hostName);
    return placement.hostName.slice(1);
  });
  return names.join("");
}

t.test("every filter and every preference is there under its own name", async (t) => {
  t.strictSame(
    filters.map(({ name }) => name),
    filterNames,
  );
  for (const name of scorePluginNames) t.equal(scorePlugins[name].name, name);
});

t.test("RoundRobin visits the hosts in order and leaves out those that cannot", async (t) => {
  t.equal(places({ type: "RoundRobin" }, [1, 1, 1, 1, 1]), "12312");
  t.equal(places({ type: "RoundRobin" }, [8, 1, 1, 1, 1, 1]), "123232");
  const cordoned = [host("h1"), host("h2", { unschedulable: true }), host("h3")];
  t.equal(places({ type: "RoundRobin" }, [1, 1, 1, 1], cordoned), "1313");
});

t.test("BinPacking fills the first host before it begins the second", async (t) => {
  t.equal(places({ type: "BinPacking" }, [4, 2, 2, 4, 4, 1]), "111223");
  const small = host("h2", { allocatable: { cpus: 2, memoryBytes: 200, diskBytes: 2_000 } });
  t.equal(places({ type: "BinPacking" }, [1, 1, 1, 5, 1, 1], [host("h1"), small]), "111122");
  t.equal(places({ type: "BinPacking" }, [5, 5, 3, 3], three), "1212");
});

t.test("Spread takes the emptiest", async (t) => {
  t.equal(places({ type: "Spread" }, [4, 2, 1, 1]), "1233");
});

t.test("LeastLoadedFifo takes the fewest machines, in turn from the last one used", async (t) => {
  t.equal(places({ type: "LeastLoadedFifo" }, [8, 1, 1, 1, 1, 1]), "123232");
  const profile = compilePolicy({ type: "LeastLoadedFifo" });
  const snapshot = snapshotOf(three, [
    [request(1, { name: "a" }), "h1"],
    [request(1, { name: "b" }), "h3"],
  ]);
  t.match(schedule(request(1), snapshot, profile), { hostName: "h2" });
  snapshot.assume(request(1, { name: "c" }), "h2");
  snapshot.noteUsed("h2");
  t.match(schedule(request(1), snapshot, profile), { hostName: "h3" });
});

t.test("every policy puts failing hosts last and avoids soft taints before that", async (t) => {
  const hosts = [
    host("h1", { failures: 0.2 }),
    host("h2", { taints: [{ key: "a", effect: "PreferNoSchedule" }] }),
    host("h3"),
  ];
  for (const type of ["RoundRobin", "BinPacking", "Spread", "LeastLoadedFifo"] as const) {
    const profile = compilePolicy({ type });
    const snapshot = snapshotOf(hosts);
    t.match(schedule(request(1), snapshot, profile), { hostName: "h3" }, type);
    snapshot.removeHost("h3");
    t.match(schedule(request(1), snapshot, profile), { hostName: "h2" }, type);
    snapshot.removeHost("h2");
    t.match(schedule(request(1), snapshot, profile), { hostName: "h1" }, type);
  }
});

t.test("a negative weight turns a preference round", async (t) => {
  t.equal(places({ type: "Custom", weights: { LeastAllocated: 1 } }, [1, 1, 1]), "123");
  t.equal(places({ type: "Custom", weights: { LeastAllocated: -1 } }, [1, 1, 1]), "111");
});

t.test("resources and shape reach the plugins", async (t) => {
  const used = [
    [request(0, { name: "a", resources: { cpus: 6, memoryBytes: 0, diskBytes: 0 } }), "h1"],
    [request(0, { name: "b", resources: { cpus: 0, memoryBytes: 400, diskBytes: 0 } }), "h2"],
  ] as const;
  const snapshot = snapshotOf([host("h1"), host("h2")], used);
  const choose = (spec: PlacementPolicySpec) => schedule(request(1), snapshot, compilePolicy(spec));
  t.match(choose({ type: "BinPacking", resources: { cpus: 1 } }), { hostName: "h1" });
  t.match(choose({ type: "BinPacking", resources: { memory: 1 } }), { hostName: "h2" });
  const weights = { RequestedToCapacityRatio: 1 };
  const shape = [
    { utilization: 50, score: 10 },
    { utilization: 70, score: 0 },
  ];
  t.match(choose({ type: "Custom", weights, resources: { cpus: 1 }, shape }), { hostName: "h2", score: 100 });
});
