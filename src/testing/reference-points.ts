import type { HostState } from "../scheduler/host-state.ts";
import type { PlacementRequest } from "../scheduler/request.ts";
import type { Resources } from "../schema/host.ts";
import type { PlacementPolicySpec, ScorePluginName } from "../schema/placement-policy.ts";
import {
  constraintsOf,
  freeOn,
  holds,
  isMeant,
  neighbours,
  placesOf,
  promisedOn,
  type ReferenceCluster,
  samePlace,
  toleratesOne,
} from "./reference-scheduler.ts";

/** What points are given on: the hosts that can take the machine, and all of them in host order. */
export interface Contest {
  readonly machine: PlacementRequest;
  readonly feasible: readonly HostState[];
  readonly ordered: readonly HostState[];
  readonly cluster: ReferenceCluster;
  readonly policy: PlacementPolicySpec;
}

type Points = ReadonlyMap<string, number>;

const rather = "preferredDuringSchedulingIgnoredDuringExecution";

/** The points of each host for one preference, by the host's name. */
export function referencePoints(plugin: ScorePluginName, contest: Contest): Points {
  const { machine, feasible, cluster } = contest;
  const each = (points: (host: HostState) => number): Points =>
    new Map(feasible.map((host) => [host.name, points(host)]));
  switch (plugin) {
    case "LeastAllocated":
      return each(
        (host) => 100 * weighted(contest, (of) => Math.max(0, ratio(left(host, contest), host, of))),
      );
    case "MostAllocated":
      return each(
        (host) => 100 * weighted(contest, (of) => Math.min(1, ratio(promisedOn(host, cluster), host, of))),
      );
    case "BalancedAllocation":
      return each((host) => 100 * (1 - deviation(host, contest)));
    case "RequestedToCapacityRatio":
      return each((host) =>
        weighted(contest, (of) => onCurve(contest.policy, 100 * taken(host, of, contest))),
      );
    case "LeastLoaded":
      return fewestBest(
        each(({ name }) => cluster.placed.filter(([, hostName]) => hostName === name).length),
      );
    case "RoundRobin":
      return each((host) => rotation(host, contest));
    case "ImageLocality":
      return each((host) => locality(host, machine));
    case "HostAffinity":
      return mostBest(each(({ labels }) => hostWishes(labels, machine)));
    case "MachineAffinity":
      return stretched(each((host) => machineWishes(host, contest)));
    case "TopologySpread":
      return evenness(contest);
    case "TaintToleration":
      return fewestBest(each(({ taints }) => softTaints(taints, machine)));
    case "HostFailures":
      return each(({ failures }) => 100 / (1 + failures));
  }
}

type Of = (resources: Resources) => number;

const cpus: Of = (resources) => resources.cpus;
const memory: Of = (resources) => resources.memoryBytes;
const disk: Of = (resources) => resources.diskBytes;

/** The mean over CPUs, memory and disk, by the policy's weights of resources. */
function weighted({ policy: { resources } }: Contest, value: (of: Of) => number): number {
  const weights = resources === undefined ? { cpus: 1, memory: 1, disk: 0 } : resources;
  const { cpus: w1 = 0, memory: w2 = 0, disk: w3 = 0 } = weights;
  return (w1 * value(cpus) + w2 * value(memory) + w3 * value(disk)) / (w1 + w2 + w3);
}

function left(host: HostState, { machine, cluster }: Contest): Resources {
  const free = freeOn(host, cluster);
  return {
    cpus: free.cpus - machine.resources.cpus,
    memoryBytes: free.memoryBytes - machine.resources.memoryBytes,
    diskBytes: free.diskBytes - machine.resources.diskBytes,
  };
}

function ratio(part: Resources, { allocatable }: HostState, of: Of): number {
  return of(allocatable) <= 0 ? 0 : of(part) / of(allocatable);
}

/** The share of a resource that would be taken, 0 to 1. */
function taken(host: HostState, of: Of, contest: Contest): number {
  if (of(host.allocatable) <= 0) return 1;
  return Math.min(1, Math.max(0, 1 - ratio(left(host, contest), host, of)));
}

function deviation(host: HostState, contest: Contest): number {
  const shares = [cpus, memory, disk].map((of) => (of(host.allocatable) <= 0 ? 0 : taken(host, of, contest)));
  const mean = shares.reduce((sum, share) => sum + share, 0) / 3;
  return Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / 3);
}

function onCurve({ shape = [] }: PlacementPolicySpec, percent: number): number {
  const above = shape.findIndex(({ utilization }) => percent <= utilization);
  const last = shape.at(-1);
  if (above < 0) return 10 * (last?.score ?? 0);
  const to = shape[above];
  const from = shape[above - 1];
  if (to === undefined) return 0;
  if (from === undefined) return 10 * to.score;
  const way = (percent - from.utilization) / (to.utilization - from.utilization);
  return 10 * from.score + way * (10 * to.score - 10 * from.score);
}

/** The nearer behind the host that was used last, the more. */
function rotation(host: HostState, { ordered, cluster: { lastUsed } }: Contest): number {
  const last = ordered.findIndex(({ name }) => name === lastUsed);
  const turn = [...ordered.slice(last + 1), ...ordered.slice(0, last + 1)];
  return 100 - (100 * turn.indexOf(host)) / ordered.length;
}

function locality({ contents }: HostState, machine: PlacementRequest): number {
  const total = machine.contents.reduce((sum, { bytes }) => sum + bytes, 0);
  const held = machine.contents.reduce(
    (sum, { volume, bytes }) => sum + (contents.has(volume) ? bytes : 0),
    0,
  );
  return total === 0 ? 0 : (100 * held) / total;
}

function hostWishes(labels: HostState["labels"], { rules }: PlacementRequest): number {
  const wishes = rules.affinity?.hostAffinity?.[rather] ?? [];
  return wishes
    .filter(({ preference }) => holds(preference, labels))
    .reduce((sum, { weight }) => sum + weight, 0);
}

function machineWishes({ labels }: HostState, { machine, cluster }: Contest): number {
  const { machineAffinity, machineAntiAffinity } = machine.rules.affinity ?? {};
  const near = machineAffinity?.[rather] ?? [];
  const apart = machineAntiAffinity?.[rather] ?? [];
  const wishes = [...near, ...apart.map((wish) => ({ ...wish, weight: -wish.weight }))];
  let sum = 0;
  for (const other of neighbours(cluster)) {
    for (const { weight, machineAffinityTerm: term } of wishes) {
      if (!samePlace(term.topologyKey, labels, other.labels)) continue;
      if (isMeant(term, machine, other.machine)) sum += weight;
    }
  }
  return sum;
}

function softTaints(taints: HostState["taints"], { rules }: PlacementRequest): number {
  return taints.filter(
    (taint) => taint.effect === "PreferNoSchedule" && !toleratesOne(rules.tolerations ?? [], taint),
  ).length;
}

function evenness({ machine, feasible, cluster }: Contest): Points {
  const constraints = constraintsOf(machine, "ScheduleAnyway");
  if (constraints.length === 0) return new Map();
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  const counted = feasible.filter(({ labels }) => keys.every((key) => labels[key] !== undefined));
  const unevenness = new Map(counted.map(({ name }) => [name, 0]));
  for (const constraint of constraints) {
    const places = placesOf(constraint, keys, machine, cluster);
    const key = constraint.topologyKey;
    for (const { name, labels } of counted) {
      const there = places.get(labels[key] ?? "") ?? 0;
      const more = there * Math.log(places.size + 2) + (constraint.maxSkew - 1);
      unevenness.set(name, (unevenness.get(name) ?? 0) + more);
    }
  }
  const highest = Math.max(...unevenness.values());
  const lowest = Math.min(...unevenness.values());
  return new Map(
    [...unevenness].map(([name, value]) => [
      name,
      highest <= 0 ? 100 : 100 * (1 - (value - lowest) / highest),
    ]),
  );
}

function mostBest(points: Points): Points {
  const highest = Math.max(0, ...points.values());
  return new Map([...points].map(([name, value]) => [name, highest === 0 ? 0 : (100 * value) / highest]));
}

function fewestBest(points: Points): Points {
  const highest = Math.max(0, ...points.values());
  return new Map(
    [...points].map(([name, value]) => [name, highest === 0 ? 100 : 100 - (100 * value) / highest]),
  );
}

function stretched(points: Points): Points {
  const lowest = Math.min(...points.values());
  const range = Math.max(...points.values()) - lowest;
  return new Map(
    [...points].map(([name, value]) => [name, range === 0 ? 0 : (100 * (value - lowest)) / range]),
  );
}
