import type { FilterName, Profile, WeighedScore } from "./framework.ts";
import { addPoints, settled } from "./normalize.ts";
import type { PlacementRequest } from "./request.ts";
import { type Feasible, type NamedFilter, sift } from "./sift.ts";
import type { Snapshot } from "./snapshot.ts";

/** Where a machine should live, or why nowhere: each reason with the number of hosts that gave it. */
export type Placement =
  | { readonly type: "placed"; readonly hostName: string; readonly score: number }
  | { readonly type: "unschedulable"; readonly message: string };

/** The rules and preferences that have something to say about one machine. */
export interface PreparedRules {
  readonly filters: readonly NamedFilter[];
  readonly scores: readonly WeighedScore[];
}

/** The host that passes every filter with the most points; among equals the first in host order. */
export function schedule(request: PlacementRequest, snapshot: Snapshot, profile: Profile): Placement {
  const prepared = prepare(request, snapshot, profile);
  const { rows, count } = feasibleRows(snapshot, prepared);
  if (count === 0) return { type: "unschedulable", message: refusalMessage(snapshot, prepared) };
  const totals = totalPoints(snapshot, prepared, { rows, count });
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  let score = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index += 1) {
    const total = totals[index] ?? 0;
    if (total <= most) continue;
    most = total;
    if (settled(total) <= score) continue;
    best = index;
    score = settled(total);
  }
  return { type: "placed", hostName: snapshot.hosts.nameOf(rows[best] ?? -1), score };
}

/** Gets the rules ready for one machine. What was prepared before is no longer valid. */
export function prepare(request: PlacementRequest, snapshot: Snapshot, profile: Profile): PreparedRules {
  snapshot.scratch.reset();
  return {
    filters: profile.filters.flatMap((plugin) => {
      const filter = plugin.prepare(request, snapshot);
      return filter === undefined ? [] : [{ ...filter, name: plugin.name }];
    }),
    scores: profile.scores.flatMap(({ plugin, weight }) => {
      const score = plugin.prepare(request, snapshot, profile.settings);
      return score === undefined ? [] : [{ ...score, name: plugin.name, weight }];
    }),
  };
}

/** The hosts that pass every filter: the first `count` of `rows`, in host order. */
export function feasibleRows(snapshot: Snapshot, { filters }: Pick<PreparedRules, "filters">): Feasible {
  return sift(snapshot, filters);
}

/** The weighted sum of the points of each of the first `count` rows, in the order of the rows. */
export function totalPoints(
  { scratch }: Snapshot,
  { scores }: Pick<PreparedRules, "scores">,
  { rows, count }: Feasible,
): Float64Array {
  const totals = scratch.floats(count);
  for (const { weight, values, normalization } of scores) {
    addPoints(totals, values(rows, count), { rows, count }, weight, normalization);
  }
  return totals;
}

/** The reason of the first filter that refuses the host in this row. */
export function firstRefusal(
  { filters }: Pick<PreparedRules, "filters">,
  row: number,
): { readonly plugin: FilterName; readonly reason: string } | undefined {
  for (const { name, refusal } of filters) {
    const reason = refusal(row);
    if (reason !== undefined) return { plugin: name, reason };
  }
  return undefined;
}

const shownReasons = 8;

/**
 * Why no host can take the machine: each reason with the number of hosts that gave it, the most frequent
 * first.
 */
export function refusalMessage({ hosts }: Snapshot, prepared: Pick<PreparedRules, "filters">): string {
  const order = hosts.order();
  if (order.length === 0) return "there are no hosts: add a Host";
  const reasons = new Map<string, number>();
  for (const row of order) {
    const { reason = "" } = firstRefusal(prepared, row) ?? {};
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const sorted = [...reasons].sort(([, left], [, right]) => right - left);
  const shown = sorted.slice(0, shownReasons).map(([reason, count]) => `${count} ${reason}`);
  const rest = sorted.slice(shownReasons).reduce((sum, [, count]) => sum + count, 0);
  if (rest > 0) shown.push(`${rest} for other reasons`);
  return `0 of ${order.length} hosts can take it: ${shown.join(", ")}`;
}
