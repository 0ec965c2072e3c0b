import type { FilterPlugin, HostFilter, ScorePlugin } from "../framework.ts";
import { leftOut } from "../normalize.ts";
import type { Snapshot } from "../snapshot.ts";
import { eligibleHosts, fewest, type SpreadState, spreadState } from "../spread.ts";

/** Hosts in whose place, with the machine, there would not be too many more than in the emptiest place. */
export const topologySpreadFilter: FilterPlugin = {
  name: "TopologySpread",
  prepare(request, snapshot) {
    const constraints = (request.rules.topologySpreadConstraints ?? []).filter(
      ({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule",
    );
    if (constraints.length === 0) return undefined;
    const eligible = eligibleHosts(request, constraints, snapshot);
    const filters = constraints.map((constraint) => {
      const state = spreadState(constraint, request, eligible, snapshot);
      return notTooUneven(state, fewest(state, eligible, snapshot));
    });
    return {
      keep: (rows, count) => filters.reduce((kept, filter) => filter.keep(rows, kept), count),
      refusal: (row) => filters.map((filter) => filter.refusal(row)).find((refusal) => refusal !== undefined),
    };
  },
};

function notTooUneven({ constraint, topology, counts, self }: SpreadState, lowest: number): HostFilter {
  const { maxSkew, topologyKey } = constraint;
  const { domainOf } = topology;
  const limit = maxSkew + lowest - self;
  return {
    keep(rows, count) {
      let kept = 0;
      for (let index = 0; index < count; index += 1) {
        const row = rows[index] ?? 0;
        const domain = domainOf[row] ?? -1;
        if (domain >= 0 && (counts[domain] ?? 0) <= limit) rows[kept++] = row;
      }
      return kept;
    },
    refusal(row) {
      const domain = domainOf[row] ?? -1;
      if (domain < 0) return `without label ${topologyKey}`;
      return (counts[domain] ?? 0) <= limit ? undefined : `where ${topologyKey} would be spread too unevenly`;
    },
  };
}

/**
 * Prefers hosts in whose places are few of the machines that the `ScheduleAnyway` constraints choose.
 * Places of
 * which there are many count more, by the logarithm of their number, as with Kubernetes.
 */
export const topologySpreadScore: ScorePlugin = {
  name: "TopologySpread",
  prepare(request, snapshot) {
    const constraints = (request.rules.topologySpreadConstraints ?? []).filter(
      ({ whenUnsatisfiable }) => whenUnsatisfiable === "ScheduleAnyway",
    );
    if (constraints.length === 0) return undefined;
    const eligible = eligibleHosts(request, constraints, snapshot);
    const states = constraints.map((constraint) => spreadState(constraint, request, eligible, snapshot));
    return {
      values(rows, count) {
        const values = snapshot.scratch.floats(snapshot.hosts.rowCount);
        for (const state of states) addUnevenness(state, rows, count, values, snapshot);
        return values;
      },
      normalization: "evenest",
    };
  },
};

function addUnevenness(
  { constraint, topology, counts }: SpreadState,
  rows: Int32Array,
  count: number,
  values: Float64Array,
  snapshot: Snapshot,
): void {
  const { domainOf, domainCount } = topology;
  const weight = Math.log(domainsAmong(topology, rows, count, snapshot) + 2);
  const unevenness = snapshot.scratch.floats(domainCount);
  for (let domain = 0; domain < domainCount; domain += 1) {
    unevenness[domain] = (counts[domain] ?? 0) * weight + (constraint.maxSkew - 1);
  }
  for (let index = 0; index < count; index += 1) {
    const row = rows[index] ?? 0;
    const domain = domainOf[row] ?? -1;
    values[row] = (values[row] ?? 0) + (domain < 0 ? leftOut : (unevenness[domain] ?? 0));
  }
}

/** In how many places the hosts are. */
function domainsAmong(
  { domainOf, domainCount }: SpreadState["topology"],
  rows: Int32Array,
  count: number,
  { scratch }: Snapshot,
): number {
  const seen = scratch.integers(domainCount);
  let domains = 0;
  for (let index = 0; index < count; index += 1) {
    const domain = domainOf[rows[index] ?? 0] ?? -1;
    if (domain < 0 || seen[domain] === 1) continue;
    seen[domain] = 1;
    domains += 1;
    if (domains === domainCount) break;
  }
  return domains;
}
