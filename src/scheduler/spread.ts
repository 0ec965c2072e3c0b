import type { SpreadConstraint } from "../schema/placement.ts";
import { countEligibleByDomain } from "./domain-counts.ts";
import { choosesHost, requiredHostTerms } from "./host-choice.ts";
import { chooses } from "./machine-index.ts";
import type { PlacementRequest } from "./request.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Topology } from "./topologies.ts";

/** A constraint as it stands before the machine is placed. */
export interface SpreadState {
  readonly constraint: SpreadConstraint;
  readonly topology: Topology;
  /** How many of the chosen machines each domain has. */
  readonly counts: Int32Array;
  /** 1 where the machine is itself among the chosen. */
  readonly self: number;
}

/** Which hosts count for spreading a machine. */
export interface EligibleHosts {
  readonly key: string;
  /** 1 for those that count, by row. */
  readonly column: Float64Array;
}

/** Those that the machine's own choice of hosts leaves in and that have every key of the constraints. */
export function eligibleHosts(
  { rules }: PlacementRequest,
  constraints: readonly SpreadConstraint[],
  snapshot: Snapshot,
): EligibleHosts {
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  const key = `Spread ${JSON.stringify([keys, rules.hostSelector, requiredHostTerms(rules)])}`;
  const column = snapshot.traitColumn(key, ({ labels }) =>
    keys.every((name) => Object.hasOwn(labels, name)) && choosesHost(rules, labels) ? 1 : 0,
  );
  return { key, column };
}

/** How the machines that a constraint chooses are spread over the eligible hosts. */
export function spreadState(
  constraint: SpreadConstraint,
  request: PlacementRequest,
  eligible: EligibleHosts,
  snapshot: Snapshot,
): SpreadState {
  const target = snapshot.machines.selector(constraint.labelSelector, [request.namespace]);
  const topology = snapshot.topologies.get(constraint.topologyKey);
  const counts = countEligibleByDomain(target.rows, topology, eligible.column, snapshot.scratch);
  return { constraint, topology, counts, self: chooses(target, request) ? 1 : 0 };
}

/**
 * The fewest chosen machines that any domain with an eligible host has; 0 where there are fewer domains than
 * `minDomains`.
 */
export function fewest(
  { constraint, topology, counts }: SpreadState,
  eligible: EligibleHosts,
  snapshot: Snapshot,
): number {
  const domains = eligibleDomains(topology, eligible, snapshot);
  if (domains.length < (constraint.minDomains ?? 1)) return 0;
  let lowest = Number.MAX_SAFE_INTEGER;
  for (const domain of domains) lowest = Math.min(lowest, counts[domain] ?? 0);
  return lowest;
}

/** The domains in which there is an eligible host. */
export function eligibleDomains(topology: Topology, eligible: EligibleHosts, snapshot: Snapshot): Int32Array {
  return snapshot.domainLists.get(`${topology.key} ${eligible.key}`, topology.version, () =>
    domainsWith(topology, eligible.column, snapshot),
  );
}

function domainsWith({ domainOf }: Topology, eligible: Float64Array, { hosts }: Snapshot): Int32Array {
  const domains = new Set<number>();
  for (let row = 0; row < hosts.rowCount; row += 1) {
    const domain = domainOf[row] ?? -1;
    if (domain >= 0 && eligible[row] === 1) domains.add(domain);
  }
  return Int32Array.from(domains);
}
