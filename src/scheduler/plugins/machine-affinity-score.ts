import type { MachineTerm } from "../../schema/placement.ts";
import { countByDomain } from "../domain-counts.ts";
import type { ScorePlugin } from "../framework.ts";
import type { Rows } from "../normalize.ts";
import type { PlacementRequest } from "../request.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Topology } from "../topologies.ts";

/**
 * Prefers hosts in whose place are many machines that this one would rather be near, and few that it would
 * rather be apart from; each counts for the weight of its term.
 */
export const machineAffinityScore: ScorePlugin = {
  name: "MachineAffinity",
  prepare(request, snapshot) {
    const { machineAffinity, machineAntiAffinity } = request.rules.affinity ?? {};
    const near = machineAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const apart = machineAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (near.length + apart.length === 0) return undefined;
    const terms = [
      ...near.map(({ weight, machineAffinityTerm }) =>
        worthOf(weight, machineAffinityTerm, request, snapshot),
      ),
      ...apart.map(({ weight, machineAffinityTerm }) =>
        worthOf(-weight, machineAffinityTerm, request, snapshot),
      ),
    ];
    const domains = byTopology(terms);
    return {
      values(rows, rowCount) {
        const values = snapshot.scratch.floats(snapshot.hosts.rowCount);
        for (const { topology, worth } of domains)
          addWorth(values, worth, topology, { rows, count: rowCount });
        return values;
      },
      normalization: "stretch",
    };
  },
};

interface Worth {
  readonly topology: Topology;
  /** What each domain is worth. */
  readonly worth: Float64Array;
}

/** What one term makes each domain worth. */
function worthOf(weight: number, term: MachineTerm, request: PlacementRequest, snapshot: Snapshot): Worth {
  const { labelSelector, topologyKey, namespaces = [request.namespace] } = term;
  const target = snapshot.machines.selector(labelSelector, namespaces);
  const topology = snapshot.topologies.get(topologyKey);
  const counts = countByDomain(target.rows, topology, snapshot.scratch);
  const { domainCount } = topology;
  const worth = snapshot.scratch.floats(domainCount);
  for (let domain = 0; domain < domainCount; domain += 1) worth[domain] = weight * (counts[domain] ?? 0);
  return { topology, worth };
}

/** One for each topology: the sum of all that are about it. */
function byTopology(all: readonly Worth[]): readonly Worth[] {
  const sums = new Map<Topology, Float64Array>();
  for (const { topology, worth } of all) {
    const sum = sums.get(topology);
    if (sum === undefined) sums.set(topology, worth);
    else
      for (let domain = 0; domain < topology.domainCount; domain += 1)
        sum[domain] = (sum[domain] ?? 0) + (worth[domain] ?? 0);
  }
  return [...sums].map(([topology, worth]) => ({ topology, worth }));
}

function addWorth(
  values: Float64Array,
  worth: Float64Array,
  { domainOf }: Topology,
  { rows, count }: Rows,
): void {
  for (let index = 0; index < count; index += 1) {
    const row = rows[index] ?? 0;
    const domain = domainOf[row] ?? -1;
    if (domain >= 0) values[row] = (values[row] ?? 0) + (worth[domain] ?? 0);
  }
}
