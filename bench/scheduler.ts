// Measures the scheduler in this process: full scan of all hosts, every filter and the default policy.
// Usage: node bench/scheduler.ts [MOST_HOSTS]
import { systemClock } from "../src/runtime/clock.ts";
import { counterfactuals } from "../src/scheduler/counterfactual.ts";
import { explain } from "../src/scheduler/explain.ts";
import type { HostState } from "../src/scheduler/host-state.ts";
import { addPoints } from "../src/scheduler/normalize.ts";
import { filters, scorePlugins, spread } from "../src/scheduler/policies.ts";
import { preempt } from "../src/scheduler/preempt.ts";
import type { PlacementRequest } from "../src/scheduler/request.ts";
import { schedule } from "../src/scheduler/schedule.ts";
import { Snapshot } from "../src/scheduler/snapshot.ts";

const most = Number(process.argv[2] ?? 10_000);
const now = (): number => systemClock.monotonic();
const gib = 2 ** 30;

/** Hosts of 64 CPUs and 256 GiB in 10 zones and many racks; a few are cordoned, away, tainted or have failed. */
function host(index: number): HostState {
  const name = `host-${String(index).padStart(5, "0")}`;
  const labels = { zone: `z${index % 10}`, rack: `r${index % 250}`, disk: index % 3 === 0 ? "hdd" : "ssd" };
  return {
    name,
    createdAt: "2026-01-01T00:00:00Z",
    ready: index % 100 !== 1,
    unschedulable: index % 100 === 2,
    acceleratorKnown: index % 1_000 !== 3,
    architecture: "x86_64",
    labels: { ...labels, "ostler.dev/hostname": name, "ostler.dev/arch": "x86_64" },
    taints: index % 50 === 4 ? [{ key: "dedicated", value: "db", effect: "NoSchedule" }] : [],
    allocatable: { cpus: 256, memoryBytes: 256 * gib, diskBytes: 4_000 * gib },
    contents: new Set(index % 4 === 0 ? ["image-a"] : []),
    failures: index % 500 === 5 ? 1 : 0,
  };
}

/** Machines of 2 CPUs and 4 GiB in apps of 50; with `rules` apart by host, spread over zones and racks, near a cache. */
function machine(index: number, withRules: boolean): PlacementRequest {
  const app = `app-${Math.floor(index / 50)}`;
  const labelSelector = { matchLabels: { app } };
  return {
    uid: `uid-${index}`,
    namespace: "default",
    name: `vm-${index}`,
    labels: { app, tier: index % 2 === 0 ? "front" : "back" },
    resources: { cpus: 2, memoryBytes: 4 * gib, diskBytes: 20 * gib },
    architectures: ["x86_64"],
    contents: [{ volume: "image-a", bytes: gib }],
    volumeHosts: [],
    priority: 0,
    preemptible: true,
    preemptionPolicy: "PreemptLowerPriority",
    rules: withRules ? rulesOf(labelSelector) : {},
  };
}

function rulesOf(labelSelector: { matchLabels: Record<string, string> }): PlacementRequest["rules"] {
  const hostname = "ostler.dev/hostname";
  const anyFront = { matchLabels: { tier: "front" } };
  return {
    hostSelector: { disk: "ssd" },
    affinity: {
      hostAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 10,
            preference: { matchExpressions: [{ key: "zone", operator: "In", values: ["z1", "z2"] }] },
          },
        ],
      },
      machineAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 20, machineAffinityTerm: { labelSelector: anyFront, topologyKey: "rack" } },
        ],
      },
      machineAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: hostname }],
      },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector },
      { maxSkew: 1, topologyKey: "rack", whenUnsatisfiable: "ScheduleAnyway", labelSelector },
    ],
    tolerations: [{ key: "other", operator: "Exists" }],
  };
}

function hosts(count: number): Snapshot {
  const snapshot = new Snapshot();
  for (let index = 0; index < count; index += 1) snapshot.setHost(host(index));
  return snapshot;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Places machines one after the other and times each, with what it costs to remember it. */
function place(snapshot: Snapshot, count: number, withRules: boolean, first = 0) {
  const machines = Array.from({ length: count }, (_, index) => machine(first + index, withRules));
  const latencies: number[] = [];
  const cpu = process.cpuUsage();
  const start = now();
  for (const request of machines) {
    const began = now();
    const placement = schedule(request, snapshot, spread);
    if (placement.type === "unschedulable") throw new Error(placement.message);
    snapshot.assume(request, placement.hostName);
    snapshot.noteUsed(placement.hostName);
    latencies.push(now() - began);
  }
  const seconds = (now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  return { seconds, cpuSeconds: (user + system) / 1e6, latencies };
}

function throughput(hostCount: number, withRules: boolean) {
  const count = hostCount === 5_000 ? 10_000 : 2_000;
  const snapshot = hosts(hostCount);
  const { seconds, cpuSeconds, latencies } = place(snapshot, count, withRules);
  return {
    hosts: hostCount,
    machines: count,
    rules: withRules ? "all" : "none",
    "placements/s": Math.round(count / seconds),
    "per CPU s": Math.round(count / cpuSeconds),
    "p5 us": Number((1000 * percentile(latencies, 0.05)).toFixed(1)),
    "p50 us": Number((1000 * percentile(latencies, 0.5)).toFixed(1)),
    "p99 us": Number((1000 * percentile(latencies, 0.99)).toFixed(1)),
    "ns/host": Number(((1e9 * cpuSeconds) / count / hostCount).toFixed(1)),
  };
}

/** The least that a full scan costs here and now: one loop over plain arrays that fits and scores, ns for each host. */
function floor(hostCount: number): number {
  const free = Array.from({ length: 3 }, () =>
    new Float64Array(hostCount).map((_, row) => 100 + ((row * 7) % 50)),
  );
  const [cpus = new Float64Array(0), memory = new Float64Array(0), disk = new Float64Array(0)] = free;
  let checksum = 0;
  const scan = () => {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < hostCount; row += 1) {
      const left = (cpus[row] ?? 0) - 2;
      const leftMemory = (memory[row] ?? 0) - 4;
      if (left < 0 || leftMemory < 0 || (disk[row] ?? 0) < 20) continue;
      const score = (100 * (left / 256 + leftMemory / 256)) / 2;
      if (score > most) {
        best = row;
        most = score;
      }
    }
    checksum += best;
  };
  for (let round = 0; round < 500; round += 1) scan();
  const cpu = process.cpuUsage();
  for (let round = 0; round < 2_000; round += 1) scan();
  const { user, system } = process.cpuUsage(cpu);
  if (Number.isNaN(checksum)) throw new Error("nothing was scanned");
  return (1000 * (user + system)) / 2_000 / hostCount;
}

/** What each plugin costs for each host, alone, on a cluster with 2 machines on each. */
function perPlugin(hostCount: number) {
  const snapshot = hosts(hostCount);
  place(snapshot, 2 * hostCount, false);
  place(snapshot, 200, true, 10_000_000);
  const request = machine(10_000_100, true);
  const order = snapshot.hosts.order();
  const rows = new Int32Array(order.length);
  const points = new Float64Array(order.length);
  const settings = {
    ...spread.settings,
    shape: [
      { utilization: 0, points: 0 },
      { utilization: 100, points: 100 },
    ],
  };
  const measure = (plugin: string, kind: string, run: () => void) => {
    for (let round = 0; round < 200; round += 1) run();
    const rounds = 300;
    const cpu = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) run();
    const { user, system } = process.cpuUsage(cpu);
    return { kind, plugin, "ns/host": Number(((1000 * (user + system)) / rounds / hostCount).toFixed(2)) };
  };
  return [
    ...filters.map((plugin) =>
      measure(plugin.name, "filter", () => {
        snapshot.scratch.reset();
        rows.set(order);
        plugin.prepare(request, snapshot)?.keep(rows, rows.length);
      }),
    ),
    ...Object.values(scorePlugins).map((plugin) =>
      measure(plugin.name, "score", () => {
        snapshot.scratch.reset();
        const score = plugin.prepare(request, snapshot, settings);
        if (score !== undefined) {
          addPoints(
            points,
            score.values(order, order.length),
            { rows: order, count: order.length },
            1,
            score.normalization,
          );
        }
      }),
    ),
  ];
}

/** The middle of several runs, in ms. */
function time(rounds: number, run: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const start = now();
    run();
    return now() - start;
  });
  return Number(
    percentile(
      times.sort((a, b) => a - b),
      0.5,
    ).toFixed(2),
  );
}

function questions(hostCount: number) {
  const snapshot = hosts(hostCount);
  const huge = { ...machine(1, false), resources: { cpus: 250, memoryBytes: 250 * gib, diskBytes: gib } };
  place(snapshot, 10 * hostCount, false, 1_000);
  const important = { ...huge, uid: "important", priority: 10 };
  const ruled = { ...machine(2, true), resources: huge.resources };
  return {
    hosts: hostCount,
    machines: 10 * hostCount,
    "explain ms": time(20, () => explain(machine(3, true), snapshot, spread)),
    "counterfactual ms": time(20, () => counterfactuals(huge, snapshot, spread)),
    "counterfactual with rules ms": time(20, () => counterfactuals(ruled, snapshot, spread)),
    "preempt ms": time(5, () => preempt(important, snapshot, spread)),
    "unschedulable ms": time(20, () => schedule(huge, snapshot, spread)),
  };
}

const sizes = [100, 1_000, 5_000, 10_000].filter((size) => size <= most);
for (const withRules of [false, true]) place(hosts(500), 2_000, withRules, 5_000_000);
const runs = sizes.flatMap((size) => [false, true].map((withRules) => throughput(size, withRules)));
console.table(runs);
console.log(`floor: ${floor(5_000).toFixed(1)} ns/host for a loop over plain arrays that fits and scores`);
console.log(
  "cost growth: time per placement beside that with a tenth of the hosts, or the next smaller size",
);
for (const rules of ["none", "all"]) {
  const of = runs.filter((run) => run.rules === rules);
  const growth = of.slice(1).map((run, index) => {
    const before = of[index];
    const times = before === undefined ? 0 : before["per CPU s"] / run["per CPU s"];
    return `${before?.hosts} -> ${run.hosts}: x ${times.toFixed(1)} for x ${run.hosts / (before?.hosts ?? 1)} hosts`;
  });
  console.log(`  rules ${rules}: ${growth.join("; ")}`);
}
console.table(perPlugin(Math.min(5_000, most)));
console.table([questions(Math.min(1_000, most))]);
const planned = [false, true].map((withRules) => place(hosts(1_000), 1_000, withRules).seconds * 1000);
console.log(
  `1,000 machines planned onto 1,000 new hosts: ${planned.map((ms) => `${ms.toFixed(0)} ms`).join(", with all rules ")}`,
);
