import type { MachineTerm } from "../schema/placement.ts";
import type { Change } from "./change.ts";
import type { HostFilter } from "./framework.ts";
import { chooses } from "./machine-index.ts";
import { architecture } from "./plugins/architecture.ts";
import { hostAffinityFilter } from "./plugins/host-affinity.ts";
import { mustBeApart, mustBeNear } from "./plugins/machine-affinity-filter.ts";
import { untolerated } from "./plugins/taint-toleration.ts";
import { volumeBinding } from "./plugins/volume-binding.ts";
import type { PlacementRequest } from "./request.ts";
import { lackingMoves, lackingReduction } from "./room.ts";
import type { PlacedMachine, Snapshot } from "./snapshot.ts";
import { eligibleHosts, fewest, spreadState } from "./spread.ts";

/**
 * Something that keeps a machine from a host, and the ways to mend it; where there is neither, there is
 * none.
 */
export interface Obstacle {
  /** A change of rules, of the host or of the machine, and how much of a change it is. */
  readonly change?: { readonly changes: readonly Change[]; readonly size: number };
  /** Machines whose leaving would mend it. */
  readonly moves?: readonly PlacedMachine[];
}

/** One rule asked of one host; undefined when the host passes. */
export type Check = (row: number) => Obstacle | undefined;

const sizes = { rule: 0.5, host: 0.5, wait: 2, skewStep: 0.2 } as const;
const maxMoves = 5;
const must = "requiredDuringSchedulingIgnoredDuringExecution";

/** Every rule of a machine, apart. Valid until the snapshot changes or another machine is prepared. */
export function obstacleChecks(request: PlacementRequest, snapshot: Snapshot): readonly Check[] {
  snapshot.scratch.reset();
  const { affinity } = request.rules;
  const apart = affinity?.machineAntiAffinity?.[must] ?? [];
  return [
    ...hostChecks(request, snapshot),
    ...labelChecks(request, snapshot),
    resourceCheck(request, snapshot),
    ...(affinity?.machineAffinity?.[must] ?? []).map((term, index) =>
      nearCheck(term, index, request, snapshot),
    ),
    ...apart.map((term, index) => apartCheck(term, index, request, snapshot)),
    ...repulsionChecks(request, snapshot),
    ...spreadChecks(request, snapshot),
  ];
}

function hostChecks({ rules }: PlacementRequest, { hosts }: Snapshot): readonly Check[] {
  const wait = (reason: string) => ({
    change: { changes: [{ type: "AwaitHost" as const, reason }], size: sizes.wait },
  });
  return [
    (row) => (hosts.stateOf(row)?.ready ? undefined : wait("not ready")),
    (row) => (hosts.stateOf(row)?.acceleratorKnown ? undefined : wait("with no known accelerator yet")),
    (row) =>
      hosts.stateOf(row)?.unschedulable
        ? { change: { changes: [{ type: "Uncordon" }], size: sizes.host } }
        : undefined,
    (row) => {
      const taints = untolerated(hosts.stateOf(row)?.taints ?? [], rules.tolerations ?? []);
      const changes = taints.map((taint) => ({ type: "TolerateTaint" as const, taint }));
      return changes.length === 0 ? undefined : { change: { changes, size: changes.length * sizes.rule } };
    },
  ];
}

function labelChecks(request: PlacementRequest, snapshot: Snapshot): readonly Check[] {
  const wanted = Object.entries(request.rules.hostSelector ?? {});
  const impossible =
    (filter: HostFilter | undefined): Check =>
    (row) =>
      filter?.refusal(row) === undefined ? undefined : {};
  const affinity = hostAffinityFilter.prepare(request, snapshot);
  const dropAffinity = { changes: [{ type: "DropHostAffinity" as const }], size: sizes.rule };
  return [
    impossible(architecture.prepare(request, snapshot)),
    impossible(volumeBinding.prepare(request, snapshot)),
    (row) => {
      const labels = snapshot.hosts.stateOf(row)?.labels ?? {};
      const lacking = wanted.filter(([key, value]) => labels[key] !== value);
      if (lacking.length === 0) return undefined;
      const change: Change = { type: "DropHostSelector", labels: Object.fromEntries(lacking) };
      return { change: { changes: [change], size: lacking.length * sizes.rule } };
    },
    (row) => (affinity?.refusal(row) === undefined ? undefined : { change: dropAffinity }),
  ];
}

function resourceCheck({ resources }: PlacementRequest, snapshot: Snapshot): Check {
  return (row) => {
    const reduction = lackingReduction(resources, row, snapshot);
    if (reduction === undefined) return undefined;
    const { lacking, share } = reduction;
    const moves = lackingMoves(lacking, row, snapshot);
    const isPossible =
      resources.cpus - lacking.cpus >= 1 && resources.memoryBytes - lacking.memoryBytes >= 2 ** 20;
    const change = { changes: [{ type: "ReduceResources" as const, ...lacking }], size: share };
    return { ...(isPossible ? { change } : {}), ...(moves === undefined ? {} : { moves }) };
  };
}

function nearCheck(term: MachineTerm, index: number, request: PlacementRequest, snapshot: Snapshot): Check {
  const filter = mustBeNear(term, request, snapshot);
  const change: Change = {
    type: "DropAffinityTerm",
    affinity: "machineAffinity",
    index,
    topologyKey: term.topologyKey,
  };
  return (row) =>
    filter.refusal(row) === undefined ? undefined : { change: { changes: [change], size: sizes.rule } };
}

function apartCheck(term: MachineTerm, index: number, request: PlacementRequest, snapshot: Snapshot): Check {
  const { topologyKey, labelSelector, namespaces = [request.namespace] } = term;
  const repelled = mustBeApart(term, request, snapshot);
  const counts = repelled?.machines.byDomain(repelled.topology);
  const target = { selector: labelSelector, namespaces };
  const change: Change = { type: "DropAffinityTerm", affinity: "machineAntiAffinity", index, topologyKey };
  const inPlace = machinesInPlace(topologyKey, snapshot, (machine) => chooses(target, machine));
  return (row) => {
    const domain = repelled?.topology.domainOf[row] ?? -1;
    if (domain < 0 || counts?.[domain] === 0 || counts === undefined) return undefined;
    const moves = inPlace(row);
    return { change: { changes: [change], size: sizes.rule }, ...(moves === undefined ? {} : { moves }) };
  };
}

/** Machines that must be apart from this one can only leave: what they ask for is theirs. */
function repulsionChecks(request: PlacementRequest, snapshot: Snapshot): readonly Check[] {
  const { selectors } = snapshot.machines.classOf(request.namespace, request.labels);
  const keys = new Set<string>();
  for (const { repelling } of selectors) for (const { topologyKey } of repelling) keys.add(topologyKey);
  return [...keys].map((topologyKey) => {
    const inPlace = machinesInPlace(topologyKey, snapshot, (one) => repels(one, topologyKey, request));
    return (row) => {
      const moves = inPlace(row);
      if (moves === undefined) return {};
      return moves.length === 0 ? undefined : { moves };
    };
  });
}

function repels(
  { namespace, rules }: PlacementRequest,
  topologyKey: string,
  request: PlacementRequest,
): boolean {
  return (rules.affinity?.machineAntiAffinity?.[must] ?? []).some(
    (term) =>
      term.topologyKey === topologyKey &&
      chooses({ selector: term.labelSelector, namespaces: term.namespaces ?? [namespace] }, request),
  );
}

/** Finds the machines in a host's place for which a test holds; undefined when they are too many to move. */
function machinesInPlace(
  topologyKey: string,
  snapshot: Snapshot,
  holds: (machine: PlacementRequest) => boolean,
): (row: number) => readonly PlacedMachine[] | undefined {
  const { domainOf } = snapshot.topologies.get(topologyKey);
  const found = new Map<number, PlacedMachine[]>();
  for (const row of snapshot.hosts.order()) {
    const domain = domainOf[row] ?? -1;
    if (domain < 0) continue;
    for (const machine of snapshot.machinesOn(row)) {
      if (!holds(machine.request)) continue;
      const known = found.get(domain);
      if (known === undefined) found.set(domain, [machine]);
      else known.push(machine);
    }
  }
  return (row) => {
    const machines = found.get(domainOf[row] ?? -1) ?? [];
    return machines.length > maxMoves ? undefined : machines;
  };
}

function spreadChecks(request: PlacementRequest, snapshot: Snapshot): readonly Check[] {
  const all = request.rules.topologySpreadConstraints ?? [];
  const hard = all.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule");
  if (hard.length === 0) return [];
  const eligible = eligibleHosts(request, hard, snapshot);
  return hard.map((constraint) => {
    const { topologyKey, maxSkew } = constraint;
    const index = all.indexOf(constraint);
    const state = spreadState(constraint, request, eligible, snapshot);
    const lowest = fewest(state, eligible, snapshot);
    return (row) => {
      const domain = state.topology.domainOf[row] ?? -1;
      if (domain < 0) {
        const drop: Change = { type: "DropSpreadConstraint", index, topologyKey };
        return { change: { changes: [drop], size: sizes.rule } };
      }
      const skew = (state.counts[domain] ?? 0) + state.self - lowest;
      if (skew <= maxSkew) return undefined;
      const raise: Change = { type: "RaiseMaxSkew", index, topologyKey, from: maxSkew, to: skew };
      return { change: { changes: [raise], size: (skew - maxSkew) * sizes.skewStep } };
    };
  });
}
