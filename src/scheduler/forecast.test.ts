import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { type Forecast, type ForecastInput, forecast } from "./forecast.ts";
import { compilePolicy, spread } from "./policies.ts";
import type { PlacementRequest } from "./request.ts";
import type { Snapshot } from "./snapshot.ts";

/** A machine with disks on its host, and one without. */
const heavy = (cpus: number, name: string) => request(cpus, { name });
const light = (cpus: number, name: string, changes: Partial<PlacementRequest> = {}) =>
  request(cpus, { name, resources: { cpus, memoryBytes: cpus * 100, diskBytes: 0 }, ...changes });

function run(snapshot: Snapshot, changes: Partial<ForecastInput> = {}): Forecast {
  const steps = forecast({
    snapshot,
    machines: [],
    loseHosts: [],
    drainHosts: [],
    placeAll: false,
    profileOf: () => spread,
    ...changes,
  });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const outcomes = ({ entries }: Forecast) =>
  entries.map(({ name, outcome, hostName = "-" }) => `${name} ${outcome} ${hostName}`);
const hosts = ["h1", "h2"].map((name) => hostState({ name }));

t.test("new machines go where they would go, each in view of those before it", async (t) => {
  const found = run(snapshotOf(hosts), {
    machines: ["a", "b", "c"].map((name) => ({ request: light(5, name) })),
  });
  t.same(outcomes(found), ["a Placed h1", "b Placed h2", "c Unschedulable -"]);
  t.match(found.entries[2], { message: /too few CPUs/, suggestions: [/./] });
  t.match(found.hosts, [
    { name: "h1", before: { cpus: 0 }, after: { cpus: 5 }, allocatable: { cpus: 8 } },
    { name: "h2", before: { cpus: 0 }, after: { cpus: 5 } },
  ]);
});

t.test("a machine that is there keeps its host, if it has room for its new size", async (t) => {
  const placed = [
    [heavy(4, "a"), "h1"],
    [heavy(4, "b"), "h1"],
  ] as const;
  const machines = [
    { request: heavy(2, "a"), hostName: "h1" },
    { request: heavy(6, "b"), hostName: "h1" },
  ];
  t.same(outcomes(run(snapshotOf(hosts, placed), { machines })), ["a Stays h1", "b Stays h1"]);
  const grown = [{ request: heavy(5, "b"), hostName: "h1" }];
  const { entries } = run(snapshotOf(hosts, placed), { machines: grown });
  t.match(entries, [{ outcome: "NoRoom", message: /h1 has no room .* too few CPUs/ }]);
});

t.test("what a lost host carried goes elsewhere, by priority; disks do not follow", async (t) => {
  const placed = [
    [light(4, "low"), "h1"],
    [heavy(2, "data"), "h1"],
    [light(2, "high", { priority: 5 }), "h1"],
    [heavy(3, "other"), "h2"],
  ] as const;
  const lost = run(snapshotOf(hosts, placed), { loseHosts: ["h1"] });
  t.same(outcomes(lost), ["high Moves h2", "low Unschedulable -", "data Stuck h1"]);
  t.match(lost.entries[2], { message: /out of reach/ });
  const drained = run(snapshotOf(hosts, placed), { drainHosts: ["h1"] });
  t.match(drained.entries[2], { outcome: "Stuck", message: /move or delete it by hand/ });
});

t.test("another policy is thought through for all that could be elsewhere", async (t) => {
  const placed = [
    [light(2, "a"), "h1"],
    [light(2, "b"), "h2"],
    [heavy(1, "data"), "h2"],
  ] as const;
  const packing = compilePolicy({ type: "BinPacking" });
  const found = run(snapshotOf(hosts, placed), { placeAll: true, profileOf: () => packing });
  t.same(outcomes(found), ["a Moves h2", "b Stays h2"]);
});
