import type { Decision } from "../schema/decision.ts";
import { counterfactuals } from "./counterfactual.ts";
import type { Profile } from "./framework.ts";
import { addPoints, settled } from "./normalize.ts";
import type { PlacementRequest } from "./request.ts";
import { type Placement, type PreparedRules, prepare, refusalMessage } from "./schedule.ts";
import { siftWithLosses } from "./sift.ts";
import type { Snapshot } from "./snapshot.ts";

/** What there is to say about a placement; when and as which one it was decided the decider adds. */
export type Grounds = Omit<Decision, "sequence" | "time" | "type">;

export interface Decided {
  readonly placement: Placement;
  readonly grounds: Grounds;
}

const bestMax = 3;

/**
 * As `schedule`, with the grounds in short: the best hosts, and how many each rule left out. Costs little
 * more than that, whatever the number of hosts. `withSuggestions` looks for the smallest changes by which a
 * machine that fits nowhere would fit, which takes far longer.
 */
export function decide(
  request: PlacementRequest,
  snapshot: Snapshot,
  profile: Profile,
  { withSuggestions }: { readonly withSuggestions: boolean },
): Decided {
  const prepared = prepare(request, snapshot, profile);
  const { rows, count, losses } = siftWithLosses(snapshot, prepared.filters);
  const refused = losses.map((loss) => ({
    plugin: loss.plugin,
    reason: loss.reason,
    hosts: loss.hostCount,
    examples: loss.rows.map((row) => snapshot.hosts.nameOf(row)),
  }));
  const common = { policy: profile.name, hosts: snapshot.hosts.order().length, feasible: count, refused };
  if (count === 0) {
    const message = refusalMessage(snapshot, prepared);
    const found = withSuggestions ? counterfactuals(request, snapshot, profile) : [];
    const suggestions = found.map((change) => change.message);
    return {
      placement: { type: "unschedulable", message },
      grounds: { ...common, message, ...(suggestions.length === 0 ? {} : { suggestions }) },
    };
  }
  const best = rankBest(snapshot, prepared, rows, count);
  const { hostName = "", total: score = 0 } = best[0] ?? {};
  const message = `${hostName}: the best of ${count} of ${common.hosts} hosts that can take it`;
  return { placement: { type: "placed", hostName, score }, grounds: { ...common, hostName, message, best } };
}

function rankBest(
  { hosts, scratch }: Snapshot,
  { scores }: PreparedRules,
  rows: Int32Array,
  count: number,
): NonNullable<Decision["best"]> {
  const totals = scratch.floats(count);
  const columns = scores.map(({ name, weight, values, normalization }) => {
    const points = scratch.floats(count);
    addPoints(points, values(rows, count), { rows, count }, 1, normalization);
    for (let index = 0; index < count; index += 1) {
      totals[index] = (totals[index] ?? 0) + weight * (points[index] ?? 0);
    }
    return { name, points };
  });
  for (let index = 0; index < count; index += 1) totals[index] = settled(totals[index] ?? 0);
  return bestPlaces(totals, count).map((place) => ({
    hostName: hosts.nameOf(rows[place] ?? -1),
    total: rounded(totals[place] ?? 0),
    scores: Object.fromEntries(columns.map(({ name, points }) => [name, rounded(points[place] ?? 0)])),
  }));
}

/** The places of the highest totals, the highest first; of equals the first in host order. */
function bestPlaces(totals: Float64Array, count: number): readonly number[] {
  const best: number[] = [];
  for (let place = 0; place < count; place += 1) {
    const total = totals[place] ?? 0;
    const isWorse = best.length === bestMax && total <= (totals[best[bestMax - 1] ?? 0] ?? 0);
    if (isWorse) continue;
    best.splice(rankOf(total, totals, best), 0, place);
    best.length = Math.min(best.length, bestMax);
  }
  return best;
}

/** Apart from the loop over all hosts, for which a closure in it would be made each time. */
function rankOf(total: number, totals: Float64Array, best: readonly number[]): number {
  const at = best.findIndex((other) => total > (totals[other] ?? 0));
  return at === -1 ? best.length : at;
}

function rounded(points: number): number {
  return Math.round(points * 100) / 100;
}
