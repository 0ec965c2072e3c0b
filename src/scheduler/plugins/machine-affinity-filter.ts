import type { MachineTerm } from "../../schema/placement.ts";
import type { CountedRows } from "../counted-rows.ts";
import { countByDomain } from "../domain-counts.ts";
import type { FilterPlugin, HostFilter } from "../framework.ts";
import { chooses } from "../machine-index.ts";
import type { PlacementRequest } from "../request.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Topology } from "../topologies.ts";

/**
 * Hosts in whose place are machines that this one must be near, none that it must be apart from, and none
 * that must be apart from it. Where nobody yet is what a term asks for, a machine that is it itself may be
 * the first.
 */
export const machineAffinityFilter: FilterPlugin = {
  name: "MachineAffinity",
  prepare(request, snapshot) {
    const { machineAffinity, machineAntiAffinity } = request.rules.affinity ?? {};
    const near = machineAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const apart = machineAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const repelled = [
      ...apart.map((term) => mustBeApart(term, request, snapshot)),
      ...othersKeepApart(request, snapshot),
    ].filter((repulsion) => repulsion !== undefined);
    const filters = [
      ...near.map((term) => mustBeNear(term, request, snapshot)),
      ...byTopology(repelled).map((repulsions) => keepApart(repulsions, snapshot)),
    ];
    return filters.length === 0 ? undefined : all(filters);
  },
};

/** Machines that a machine cannot be in one place with. */
export interface Repelled {
  readonly topology: Topology;
  readonly machines: CountedRows;
  readonly reason: string;
}

/** One required term of `machineAffinity`. */
export function mustBeNear(term: MachineTerm, request: PlacementRequest, snapshot: Snapshot): HostFilter {
  const { labelSelector, topologyKey, namespaces = [request.namespace] } = term;
  const target = snapshot.machines.selector(labelSelector, namespaces);
  const topology = snapshot.topologies.get(topologyKey);
  const { domainOf, domainCount } = topology;
  const mayBeFirst = target.rows.size === 0 && chooses(target, request);
  const counts = mayBeFirst
    ? snapshot.scratch.integers(domainCount).fill(1, 0, domainCount)
    : countByDomain(target.rows, topology, snapshot.scratch);
  return {
    keep(rows, count) {
      let kept = 0;
      for (let index = 0; index < count; index += 1) {
        const row = rows[index] ?? 0;
        const domain = domainOf[row] ?? -1;
        if (domain >= 0 && (counts[domain] ?? 0) > 0) rows[kept++] = row;
      }
      return kept;
    },
    refusal(row) {
      const domain = domainOf[row] ?? -1;
      if (domain < 0) return `without label ${topologyKey}`;
      return (counts[domain] ?? 0) > 0 ? undefined : "away from the machines it must be near";
    },
  };
}

/** One required term of `machineAntiAffinity`; undefined when there are no such machines. */
export function mustBeApart(
  term: MachineTerm,
  request: PlacementRequest,
  snapshot: Snapshot,
): Repelled | undefined {
  const { labelSelector, topologyKey, namespaces = [request.namespace] } = term;
  const { rows } = snapshot.machines.selector(labelSelector, namespaces);
  if (rows.size === 0) return undefined;
  return repelledBy(rows, topologyKey, "beside machines it must be apart from", snapshot);
}

/** What machines that are placed already ask of this one. */
function othersKeepApart(request: PlacementRequest, snapshot: Snapshot): readonly Repelled[] {
  const { selectors } = snapshot.machines.classOf(request.namespace, request.labels);
  const found: Repelled[] = [];
  for (const { repelling } of selectors) {
    for (const { holders, topologyKey } of repelling) {
      found.push(repelledBy(holders, topologyKey, "beside machines that must be apart from it", snapshot));
    }
  }
  return found;
}

function repelledBy(
  machines: CountedRows,
  topologyKey: string,
  reason: string,
  { topologies }: Snapshot,
): Repelled {
  return { topology: topologies.get(topologyKey), machines, reason };
}

function byTopology(repelled: readonly Repelled[]): readonly (readonly Repelled[])[] {
  return [...Map.groupBy(repelled, ({ topology }) => topology).values()];
}

/** All that is about one topology is asked in one go. */
function keepApart(repelled: readonly Repelled[], { scratch }: Snapshot): HostFilter {
  const [first] = repelled;
  if (first === undefined) return { keep: (_rows, count) => count, refusal: () => undefined };
  const { topology } = first;
  const { domainOf } = topology;
  const counts = scratch.integers(topology.domainCount);
  for (const { machines } of repelled) machines.addByDomain(topology, counts);
  return {
    keep(rows, count) {
      let kept = 0;
      for (let index = 0; index < count; index += 1) {
        const row = rows[index] ?? 0;
        const domain = domainOf[row] ?? -1;
        if (domain < 0 || counts[domain] === 0) rows[kept++] = row;
      }
      return kept;
    },
    refusal(row) {
      const domain = domainOf[row] ?? -1;
      if (domain < 0 || counts[domain] === 0) return undefined;
      return repelled.find(({ machines }) => machines.byDomain(topology)[domain] !== 0)?.reason;
    },
  };
}

function all(filters: readonly HostFilter[]): HostFilter {
  return {
    keep: (rows, count) => filters.reduce((kept, filter) => filter.keep(rows, kept), count),
    refusal(row) {
      for (const filter of filters) {
        const refusal = filter.refusal(row);
        if (refusal !== undefined) return refusal;
      }
      return undefined;
    },
  };
}
