import type { FilterPlugin, HostFilter, ScorePlugin } from "../framework.ts";
import { leftOut, type Rows } from "../normalize.ts";
import type { Snapshot } from "../snapshot.ts";
import { eligibleDomains, eligibleHosts, fewest, type SpreadState, spreadState } from "../spread.ts";
import type { Topology } from "../topologies.ts";

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
    const unevenness = constraints.map((constraint) => {
      const state = spreadState(constraint, request, eligible, snapshot);
      return unevennessOf(state, eligibleDomains(state.topology, eligible, snapshot).length, snapshot);
    });
    return {
      values(rows, count) {
        const values = snapshot.scratch.floats(snapshot.hosts.rowCount);
        for (const one of unevenness) addUnevenness(values, one, { rows, count });
        return values;
      },
      normalization: "evenest",
    };
  },
};

interface Unevenness {
  readonly topology: Topology;
  /** What each domain adds. */
  readonly ofDomain: Float64Array;
}

function unevennessOf(
  { constraint, topology, counts }: SpreadState,
  places: number,
  { scratch }: Snapshot,
): Unevenness {
  const { domainCount } = topology;
  const weight = Math.log(places + 2);
  const ofDomain = scratch.floats(domainCount);
  for (let domain = 0; domain < domainCount; domain += 1) {
    ofDomain[domain] = (counts[domain] ?? 0) * weight + (constraint.maxSkew - 1);
  }
  return { topology, ofDomain };
}

/** A host that is in no place of some constraint falls out. */
function addUnevenness(
  values: Float64Array,
  { topology, ofDomain }: Unevenness,
  { rows, count }: Rows,
): void {
  const { domainOf } = topology;
  for (let index = 0; index < count; index += 1) {
    const row = rows[index] ?? 0;
    const domain = domainOf[row] ?? -1;
    values[row] = (values[row] ?? 0) + (domain < 0 ? leftOut : (ofDomain[domain] ?? 0));
  }
}
