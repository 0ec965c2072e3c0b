import type { FilterName, HostFilter } from "./framework.ts";
import type { Snapshot } from "./snapshot.ts";

/** A filter, ready for one machine. */
export interface NamedFilter extends HostFilter {
  readonly name: FilterName;
}

/** The hosts that pass every filter: the first `count` of `rows`, in host order. */
export interface Feasible {
  readonly rows: Int32Array;
  readonly count: number;
}

/** The hosts that passed all filters before this one and were refused by it. */
export interface Loss {
  readonly plugin: FilterName;
  /** Why the first of them was. */
  readonly reason: string;
  readonly hostCount: number;
  /** The first few. */
  readonly rows: readonly number[];
}

/** What is left of all hosts after the filters that look at nothing but the hosts themselves. */
export interface Sieved {
  readonly rows: Int32Array;
  readonly losses: readonly Loss[];
}

const maxExamples = 3;

/** Asks every filter in turn, each of the hosts that are left. */
export function sift(snapshot: Snapshot, filters: readonly NamedFilter[]): Feasible {
  const begin = firstOfMachines(filters);
  const sieved = sieve(snapshot, filters.slice(0, begin));
  const rows = snapshot.scratch.integers(sieved.rows.length);
  rows.set(sieved.rows);
  let count = sieved.rows.length;
  for (const filter of filters.slice(begin)) count = filter.keep(rows, count);
  return { rows, count };
}

/** The same, and what each filter has cost. */
export function siftWithLosses(
  snapshot: Snapshot,
  filters: readonly NamedFilter[],
): Feasible & { readonly losses: readonly Loss[] } {
  const begin = firstOfMachines(filters);
  const sieved = sieve(snapshot, filters.slice(0, begin));
  const rows = snapshot.scratch.integers(sieved.rows.length);
  rows.set(sieved.rows);
  const before = snapshot.scratch.integers(sieved.rows.length);
  const { count, losses } = keepCounting(filters.slice(begin), { rows, count: sieved.rows.length }, before);
  return { rows, count, losses: [...sieved.losses, ...losses] };
}

/** The place of the first filter that looks at machines. */
function firstOfMachines(filters: readonly NamedFilter[]): number {
  const place = filters.findIndex(({ hostsOnly }) => hostsOnly === undefined);
  return place < 0 ? filters.length : place;
}

function sieve({ hosts, sieved }: Snapshot, filters: readonly NamedFilter[]): Sieved {
  const key = filters.map(({ hostsOnly }) => hostsOnly).join("\n");
  return sieved.get(key, hosts.version, () => {
    const rows = Int32Array.from(hosts.order());
    const { count, losses } = keepCounting(
      filters,
      { rows, count: rows.length },
      new Int32Array(rows.length),
    );
    return { rows: rows.slice(0, count), losses };
  });
}

/** Keeps in `rows` what passes; `before` is room for as many. */
function keepCounting(
  filters: readonly NamedFilter[],
  { rows, count: from }: Feasible,
  before: Int32Array,
): { readonly count: number; readonly losses: readonly Loss[] } {
  const losses: Loss[] = [];
  let count = from;
  for (const { name, keep, refusal } of filters) {
    before.set(rows.subarray(0, count));
    const kept = keep(rows, count);
    if (kept < count) {
      const lost = firstLost({ rows: before, count }, { rows, count: kept });
      losses.push({
        plugin: name,
        reason: refusal(lost[0] ?? -1) ?? "",
        hostCount: count - kept,
        rows: lost,
      });
    }
    count = kept;
  }
  return { count, losses };
}

/** The first rows of `before` that are not in `after`; both are in host order. */
function firstLost(before: Feasible, after: Feasible): readonly number[] {
  const lost: number[] = [];
  let next = 0;
  for (let index = 0; index < before.count && lost.length < maxExamples; index += 1) {
    const row = before.rows[index] ?? -1;
    if (next < after.count && after.rows[next] === row) next += 1;
    else lost.push(row);
  }
  return lost;
}
