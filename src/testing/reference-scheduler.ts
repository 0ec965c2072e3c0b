import type { HostState } from "../scheduler/host-state.ts";
import type { PlacementRequest } from "../scheduler/request.ts";
import type { Resources } from "../schema/host.ts";
import { type Labels, matchesExpression, matchesSelector } from "../schema/label-selector.ts";
import type { HostTerm, MachineTerm, SpreadConstraint, Toleration } from "../schema/placement.ts";
import { type PlacementPolicySpec, scorePluginNames } from "../schema/placement-policy.ts";
import { referencePoints } from "./reference-points.ts";

/** All that a placement depends on, as plain objects. */
export interface ReferenceCluster {
  readonly hosts: readonly HostState[];
  readonly placed: readonly (readonly [PlacementRequest, string])[];
  /** The host that was used last. */
  readonly lastUsed?: string;
}

/**
 * Where a machine belongs, found in the simplest way: docs/reference/scheduling.md word for word, one host
 * and one
 * rule after the other, everything counted anew. Slow, and there to be compared with.
 */
export function referenceSchedule(
  machine: PlacementRequest,
  cluster: ReferenceCluster,
  policy: PlacementPolicySpec,
): string | undefined {
  const ordered = inHostOrder(cluster.hosts);
  const feasible = ordered.filter((host) => canTake(host, machine, cluster));
  let best: string | undefined;
  let most = Number.NEGATIVE_INFINITY;
  const weights = weightsOf(policy);
  const weighed = scorePluginNames.filter((name) => weights[name] !== undefined);
  const points = weighed.map((name) =>
    referencePoints(name, { machine, feasible, ordered, cluster, policy }),
  );
  for (const { name } of feasible) {
    let total = 0;
    weighed.forEach((plugin, index) => {
      total += (weights[plugin] ?? 0) * (points[index]?.get(name) ?? 0);
    });
    const rounded = Math.round(total * 1_048_576);
    if (rounded > most) {
      best = name;
      most = rounded;
    }
  }
  return best;
}

function inHostOrder(hosts: readonly HostState[]): readonly HostState[] {
  const key = ({ createdAt, name }: HostState) => `${createdAt} ${name}`;
  return [...hosts].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function canTake(host: HostState, machine: PlacementRequest, cluster: ReferenceCluster): boolean {
  const { rules, resources } = machine;
  const free = freeOn(host, cluster);
  return (
    host.ready &&
    !host.unschedulable &&
    host.acceleratorKnown &&
    machine.architectures.every((wanted) => wanted === host.architecture) &&
    machine.volumeHosts.every((wanted) => wanted === host.name) &&
    host.taints.every(
      (taint) => taint.effect === "PreferNoSchedule" || toleratesOne(rules.tolerations ?? [], taint),
    ) &&
    isChosen(host.labels, machine) &&
    resources.cpus <= free.cpus &&
    resources.memoryBytes <= free.memoryBytes &&
    resources.diskBytes <= free.diskBytes &&
    isNearEnough(host, machine, cluster) &&
    isFarEnough(host, machine, cluster) &&
    isEvenEnough(host, machine, cluster)
  );
}

/** Whether one of the tolerations is for this taint. */
export function toleratesOne(
  tolerations: readonly Toleration[],
  taint: HostState["taints"][number],
): boolean {
  return tolerations.some(({ key, operator, value, effect }) => {
    const sameEffect = effect === undefined || effect === taint.effect;
    const sameKey = key === undefined ? operator === "Exists" : key === taint.key;
    return sameEffect && sameKey && (operator === "Exists" || (value ?? "") === (taint.value ?? ""));
  });
}

function isChosen(labels: Labels, { rules }: PlacementRequest): boolean {
  const terms =
    rules.affinity?.hostAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.hostSelectorTerms;
  return (
    Object.entries(rules.hostSelector ?? {}).every(([key, value]) => labels[key] === value) &&
    (terms === undefined || terms.some((term) => holds(term, labels)))
  );
}

/** Whether a term of `hostAffinity` is true of a host. */
export function holds({ matchExpressions }: HostTerm, labels: Labels): boolean {
  return matchExpressions.every((expression) => matchesExpression(expression, labels));
}

/** Machines of this cluster with the labels of the host that they are on, where that host is known. */
export function neighbours({ hosts, placed }: ReferenceCluster) {
  return placed.flatMap(([machine, hostName]) => {
    const host = hosts.find(({ name }) => name === hostName);
    return host === undefined ? [] : [{ machine, labels: host.labels, hostName }];
  });
}

/** Whether a term of `owner` means this machine. */
export function isMeant(term: MachineTerm, owner: PlacementRequest, machine: PlacementRequest): boolean {
  const namespaces = term.namespaces ?? [owner.namespace];
  return namespaces.includes(machine.namespace) && matchesSelector(term.labelSelector, machine.labels);
}

/** Whether two hosts have the same value of a label. */
export function samePlace(key: string, left: Labels, right: Labels): boolean {
  return left[key] !== undefined && left[key] === right[key];
}

function isNearEnough({ labels }: HostState, machine: PlacementRequest, cluster: ReferenceCluster): boolean {
  const terms = machine.rules.affinity?.machineAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.every((term) => {
    const anywhere = cluster.placed.some(([other]) => isMeant(term, machine, other));
    if (!anywhere && isMeant(term, machine, machine)) return labels[term.topologyKey] !== undefined;
    return neighbours(cluster).some(
      (other) => samePlace(term.topologyKey, labels, other.labels) && isMeant(term, machine, other.machine),
    );
  });
}

function isFarEnough({ labels }: HostState, machine: PlacementRequest, cluster: ReferenceCluster): boolean {
  const termsOf = ({ rules }: PlacementRequest) =>
    rules.affinity?.machineAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return neighbours(cluster).every((other) => {
    const mine = termsOf(machine).some(
      (term) => samePlace(term.topologyKey, labels, other.labels) && isMeant(term, machine, other.machine),
    );
    const theirs = termsOf(other.machine).some(
      (term) => samePlace(term.topologyKey, labels, other.labels) && isMeant(term, other.machine, machine),
    );
    return !mine && !theirs;
  });
}

/** The values of the key among hosts that count, each with the machines that the constraint chooses. */
export function placesOf(
  constraint: SpreadConstraint,
  keys: readonly string[],
  machine: PlacementRequest,
  cluster: ReferenceCluster,
): Map<string, number> {
  const places = new Map<string, number>();
  for (const { name, labels } of cluster.hosts) {
    if (!isChosen(labels, machine) || keys.some((key) => labels[key] === undefined)) continue;
    const chosen = cluster.placed.filter(
      ([other, hostName]) =>
        hostName === name &&
        other.namespace === machine.namespace &&
        matchesSelector(constraint.labelSelector, other.labels),
    );
    const place = labels[constraint.topologyKey] ?? "";
    places.set(place, (places.get(place) ?? 0) + chosen.length);
  }
  return places;
}

/** The constraints of one kind. */
export function constraintsOf({ rules }: PlacementRequest, kind: SpreadConstraint["whenUnsatisfiable"]) {
  return (rules.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === kind,
  );
}

function isEvenEnough({ labels }: HostState, machine: PlacementRequest, cluster: ReferenceCluster): boolean {
  const constraints = constraintsOf(machine, "DoNotSchedule");
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  return constraints.every((constraint) => {
    const place = labels[constraint.topologyKey];
    if (place === undefined) return false;
    const places = placesOf(constraint, keys, machine, cluster);
    const fewest = places.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...places.values());
    const self = matchesSelector(constraint.labelSelector, machine.labels) ? 1 : 0;
    return (places.get(place) ?? 0) + self - fewest <= constraint.maxSkew;
  });
}

/** What the machines on a host have been promised together. */
export function promisedOn({ name }: HostState, { placed }: ReferenceCluster): Resources {
  const there = placed.filter(([, hostName]) => hostName === name).map(([{ resources }]) => resources);
  const sum = (size: (resources: Resources) => number) => there.reduce((total, one) => total + size(one), 0);
  return {
    cpus: sum(({ cpus }) => cpus),
    memoryBytes: sum(({ memoryBytes }) => memoryBytes),
    diskBytes: sum(({ diskBytes }) => diskBytes),
  };
}

/** What is left of a host. */
export function freeOn(host: HostState, cluster: ReferenceCluster): Resources {
  const { allocatable } = host;
  const promised = promisedOn(host, cluster);
  return {
    cpus: allocatable.cpus - promised.cpus,
    memoryBytes: allocatable.memoryBytes - promised.memoryBytes,
    diskBytes: allocatable.diskBytes - promised.diskBytes,
  };
}

function weightsOf({ type, weights = {} }: PlacementPolicySpec): Readonly<Record<string, number>> {
  switch (type) {
    case "Spread":
      return {
        LeastAllocated: 1,
        BalancedAllocation: 1,
        ImageLocality: 1,
        HostAffinity: 2,
        MachineAffinity: 2,
        TopologySpread: 2,
        TaintToleration: 3,
        HostFailures: 1_000,
      };
    case "BinPacking":
      return {
        MostAllocated: 1,
        HostAffinity: 2,
        MachineAffinity: 2,
        TopologySpread: 2,
        TaintToleration: 10_000,
        HostFailures: 1_000_000,
      };
    case "RoundRobin":
      return { RoundRobin: 1, TaintToleration: 10_000, HostFailures: 10_000_000 };
    case "LeastLoadedFifo":
      return {
        LeastLoaded: 10_000,
        RoundRobin: 1,
        TaintToleration: 100_000_000,
        HostFailures: 100_000_000_000,
      };
    case "Custom":
      return weights;
  }
}
