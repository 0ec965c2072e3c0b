import type { MachineTerm } from "../../schema/placement.ts";
import { countByDomain } from "../domain-counts.ts";
import type { ScorePlugin } from "../framework.ts";
import type { PlacementRequest } from "../request.ts";
import type { Snapshot } from "../snapshot.ts";

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
      ...near.map(({ weight, machineAffinityTerm }) => count(weight, machineAffinityTerm, request, snapshot)),
      ...apart.map(({ weight, machineAffinityTerm }) =>
        count(-weight, machineAffinityTerm, request, snapshot),
      ),
    ];
    return {
      values(rows, rowCount) {
        const values = snapshot.scratch.floats(snapshot.hosts.rowCount);
        for (const { weight, counts, domainOf } of terms) {
          for (let index = 0; index < rowCount; index += 1) {
            const row = rows[index] ?? 0;
            const domain = domainOf[row] ?? -1;
            if (domain >= 0) values[row] = (values[row] ?? 0) + weight * (counts[domain] ?? 0);
          }
        }
        return values;
      },
      normalization: "stretch",
    };
  },
};

function count(weight: number, term: MachineTerm, request: PlacementRequest, snapshot: Snapshot) {
  const { labelSelector, topologyKey, namespaces = [request.namespace] } = term;
  const target = snapshot.machines.selector(labelSelector, namespaces);
  const topology = snapshot.topologies.get(topologyKey);
  const counts = countByDomain(target.rows, topology, snapshot.scratch);
  return { weight, counts, domainOf: topology.domainOf };
}
