import type { MachineTerm } from "../../schema/placement.ts";
import { countByDomain } from "../domain-counts.ts";
import type { FilterPlugin, HostFilter } from "../framework.ts";
import { chooses } from "../machine-index.ts";
import type { PlacementRequest } from "../request.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Topology } from "../topologies.ts";

/**
 * Hosts in whose place are machines that this one must be near, none that it must be apart from, and none
 * that
 * must be apart from it. Where nobody yet is what a term asks for, a machine that is it itself may be the
 * first.
 */
export const machineAffinityFilter: FilterPlugin = {
  name: "MachineAffinity",
  prepare(request, snapshot) {
    const { machineAffinity, machineAntiAffinity } = request.rules.affinity ?? {};
    const near = machineAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const apart = machineAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const filters = [
      ...near.map((term) => mustBeNear(term, request, snapshot)),
      ...apart.map((term) => mustBeApart(term, request, snapshot)),
      ...othersKeepApart(request, snapshot),
    ].filter((filter) => filter !== undefined);
    return filters.length === 0 ? undefined : all(filters);
  },
};

/** One required term of `machineAffinity`. */
export function mustBeNear(term: MachineTerm, request: PlacementRequest, snapshot: Snapshot): HostFilter {
  const { labelSelector, topologyKey, namespaces = [request.namespace] } = term;
  const target = snapshot.machines.selector(labelSelector, namespaces);
  const topology = snapshot.topologies.get(topologyKey);
  const mayBeFirst = target.rows.size === 0 && chooses(target, request);
  const counts = countByDomain(target.rows, topology, snapshot.scratch);
  return placeFilter(
    topology,
    "away from the machines it must be near",
    (domain) => domain >= 0 && (mayBeFirst || (counts[domain] ?? 0) > 0),
  );
}

/** One required term of `machineAntiAffinity`; undefined when there are no such machines. */
export function mustBeApart(
  term: MachineTerm,
  request: PlacementRequest,
  snapshot: Snapshot,
): HostFilter | undefined {
  const { labelSelector, topologyKey, namespaces = [request.namespace] } = term;
  const target = snapshot.machines.selector(labelSelector, namespaces);
  if (target.rows.size === 0) return undefined;
  const topology = snapshot.topologies.get(topologyKey);
  const counts = countByDomain(target.rows, topology, snapshot.scratch);
  return unlessCounted(topology, counts, "beside machines it must be apart from");
}

/** What machines that are placed already ask of this one. */
function othersKeepApart(request: PlacementRequest, snapshot: Snapshot): readonly HostFilter[] {
  const { selectors } = snapshot.machines.classOf(request.namespace, request.labels);
  const filters: HostFilter[] = [];
  for (const { repelling } of selectors) {
    for (const { holders, topologyKey } of repelling) {
      const topology = snapshot.topologies.get(topologyKey);
      const counts = countByDomain(holders, topology, snapshot.scratch);
      filters.push(unlessCounted(topology, counts, "beside machines that must be apart from it"));
    }
  }
  return filters;
}

function unlessCounted({ domainOf }: Topology, counts: Int32Array, reason: string): HostFilter {
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
    refusal: (row) => ((counts[domainOf[row] ?? -1] ?? 0) > 0 ? reason : undefined),
  };
}

function placeFilter(topology: Topology, reason: string, passes: (domain: number) => boolean): HostFilter {
  const { domainOf, key } = topology;
  return {
    keep(rows, count) {
      let kept = 0;
      for (let index = 0; index < count; index += 1) {
        const row = rows[index] ?? 0;
        if (passes(domainOf[row] ?? -1)) rows[kept++] = row;
      }
      return kept;
    },
    refusal(row) {
      const domain = domainOf[row] ?? -1;
      if (passes(domain)) return undefined;
      return domain < 0 ? `without label ${key}` : reason;
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
