import type { SpreadConstraint } from "../schema/placement.ts";
import { countEligibleByDomain } from "./domain-counts.ts";
import { choosesHost } from "./host-choice.ts";
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

/** Which hosts count: those that the machine's own choice of hosts leaves in and that have every key. */
export function eligibleHosts(
  { rules }: PlacementRequest,
  constraints: readonly SpreadConstraint[],
  snapshot: Snapshot,
): Int32Array {
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  const { hostSelector, affinity } = rules;
  const key = `Spread ${JSON.stringify([keys, hostSelector, affinity?.hostAffinity])}`;
  return snapshot.rules.column(key, ({ labels }) =>
    keys.every((name) => Object.hasOwn(labels, name)) && choosesHost(rules, labels) ? 1 : 0,
  );
}

/** How the machines that a constraint chooses are spread over the eligible hosts. */
export function spreadState(
  constraint: SpreadConstraint,
  request: PlacementRequest,
  eligible: Int32Array,
  snapshot: Snapshot,
): SpreadState {
  const target = snapshot.machines.selector(constraint.labelSelector, [request.namespace]);
  const topology = snapshot.topologies.get(constraint.topologyKey);
  const counts = countEligibleByDomain(target.rows, topology, eligible, snapshot.scratch);
  return { constraint, topology, counts, self: chooses(target, request) ? 1 : 0 };
}

/**
 * The fewest chosen machines that any domain with an eligible host has; 0 where there are fewer domains than
 * `minDomains`.
 */
export function fewest(
  { constraint, topology, counts }: SpreadState,
  eligible: Int32Array,
  snapshot: Snapshot,
) {
  const { domainOf, domainCount } = topology;
  const exists = snapshot.scratch.integers(domainCount);
  for (let row = 0; row < snapshot.hosts.rowCount; row += 1) {
    const domain = domainOf[row] ?? -1;
    if (domain >= 0 && eligible[row] !== 0) exists[domain] = 1;
  }
  let domains = 0;
  let lowest = Number.MAX_SAFE_INTEGER;
  for (let domain = 0; domain < domainCount; domain += 1) {
    if (exists[domain] === 0) continue;
    domains += 1;
    lowest = Math.min(lowest, counts[domain] ?? 0);
  }
  return domains < (constraint.minDomains ?? 1) ? 0 : lowest;
}
