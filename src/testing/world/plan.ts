import type { NewFakeHost } from "../../drivers/fake/fake-hypervisor.ts";
import { faultActs } from "./fault-acts.ts";
import { type FaultId, faultIds } from "./fault-ledger.ts";
import { streamOf } from "./stream.ts";
import { workActs } from "./work-acts.ts";

/** One thing that somebody does or that happens, and how long it is quiet after it. */
export interface Step {
  /** Its own number, from which it draws: it does the same whatever other steps are left out. */
  readonly number: number;
  readonly act: string;
  readonly thenMs: number;
}

/** All that a play is made from. */
export interface Plan {
  readonly seed: number;
  readonly hosts: readonly NewFakeHost[];
  readonly machines: number;
  readonly replicas: number;
  readonly resyncMs: number;
  readonly policy: "Spread" | "BinPacking" | "RoundRobin" | "LeastLoadedFifo";
  readonly rates: ReadonlyMap<FaultId, number>;
  readonly steps: readonly Step[];
}

/** What is set by hand; all else the seed decides. */
export interface PlanLimits {
  readonly hosts?: number;
  readonly machines?: number;
  readonly replicas?: number;
  /** Faults that are enabled whatever the seed says. */
  readonly faults?: readonly FaultId[];
  /** Without faults the same play is one in which everything goes well. */
  readonly withoutFaults?: boolean;
}

const pauses = [0, 0, 1, 20, 500, 500, 3_000, 3_000, 20_000, 60_000];
/** Faults that are a matter of course in a network, or rare by nature, are in a play less often. */
const presence: Partial<Record<FaultId, number>> = { F8: 0.3, F11: 0.3 };

const incidents = ["twin", "loseStart"] as const;
const firstIncident = 1_000;

/** What people do with Hosts is drawn apart: plays without it are what they were before there was any. */
const apart: ReadonlySet<FaultId> = new Set(["F16", "F19"]);
const drawnIds: readonly FaultId[] = faultIds.filter((id) => !apart.has(id));

/** The play of a seed. */
export function planOf(seed: number, limits: PlanLimits = {}): Plan {
  const stream = streamOf(seed, "plan");
  const hostCount = limits.hosts ?? 1 + Math.floor(12 * stream.next() ** 2);
  const machines = limits.machines ?? 1 + Math.floor(Math.min(150, hostCount * 20) * stream.next() ** 3);
  const several = stream.chance(0.3) ? 2 + stream.below(2) : 1;
  const replicas = limits.replicas ?? several;
  const enabled = drawnIds.filter(
    (id) => stream.chance(presence[id] ?? 0.5) && (id !== "F12" || replicas > 1),
  );
  const rates = new Map<FaultId, number>(enabled.map((id) => [id, 2 ** stream.between(-2, 2)]));
  if (streamOf(seed, "statements").chance(0.3)) rates.set("F16", 1);
  if (streamOf(seed, "inventory").chance(0.2)) rates.set("F19", 1);
  for (const id of limits.faults ?? []) if (!rates.has(id)) rates.set(id, 1);
  const resyncMs = stream.pick([15_000, 15_000, 30_000, 60_000]);
  const policy = stream.pick(["Spread", "BinPacking", "RoundRobin", "LeastLoadedFifo"] as const);
  const hosts = Array.from({ length: hostCount }, (_, index) => ({
    name: `h${index + 1}`,
    cpus: stream.pick([4, 16, 64]),
    memoryBytes: stream.pick([4, 16, 64]) * 2 ** 30,
  }));
  const withFaults = limits.withoutFaults === true ? new Map() : rates;
  const steps = withIncidents(seed, withFaults, stepsOf(seed, withFaults));
  return { seed, hosts, machines, replicas, resyncMs, policy, rates: withFaults, steps };
}

function stepsOf(seed: number, rates: ReadonlyMap<FaultId, number>): readonly Step[] {
  const stream = streamOf(seed, "steps");
  const work = Object.entries(workActs).flatMap(([act, { weight }]) => [{ act, weight }]);
  const faults = Object.entries(faultActs).flatMap(([act, { fault, weight }]) => {
    const rate = rates.get(fault);
    return rate === undefined ? [] : [{ act, weight: weight * rate }];
  });
  const acts = [...work, ...faults];
  const total = acts.reduce((sum, { weight }) => sum + weight, 0);
  const count = 10 + stream.below(50);
  return Array.from({ length: count }, (_, number) => {
    let left = stream.next() * total;
    const chosen = acts.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    return { number, act: chosen?.act ?? "create", thenMs: stream.pick(pauses) };
  });
}

/**
 * Some things that must go wrong together to hurt hardly ever do by chance: they are steps of their own. They
 * are drawn apart, so that plays without them are what they were before there were any.
 */
function withIncidents(
  seed: number,
  rates: ReadonlyMap<FaultId, number>,
  steps: readonly Step[],
): readonly Step[] {
  const stream = streamOf(seed, "incidents");
  const all = [...steps];
  for (const [index, act] of incidents.entries()) {
    const [isIn, at, thenMs] = [stream.chance(0.2), stream.next(), stream.pick(pauses)];
    const fault = faultActs[act]?.fault;
    if (!isIn || fault === undefined || !rates.has(fault)) continue;
    all.splice(Math.floor(at * all.length), 0, { number: firstIncident + index, act, thenMs });
  }
  return all;
}
