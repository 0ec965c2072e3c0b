import type { FilterPlugin, Profile, ScorePlugin, ScoreSettings } from "../scheduler/framework.ts";
import type { HostState } from "../scheduler/host-state.ts";
import { addPoints } from "../scheduler/normalize.ts";
import type { PlacementRequest } from "../scheduler/request.ts";
import { Snapshot } from "../scheduler/snapshot.ts";

/** A snapshot of these hosts with these machines on them. */
export function snapshotOf(
  hosts: readonly HostState[],
  machines: readonly (readonly [PlacementRequest, string])[] = [],
): Snapshot {
  const snapshot = new Snapshot();
  for (const host of hosts) snapshot.setHost(host);
  for (const [machine, hostName] of machines) snapshot.assume(machine, hostName);
  return snapshot;
}

/**
 * Why a filter refuses each host, by the host's name; hosts that pass are left out. Throws when what `keep`
 * leaves
 * is not what `refusal` refuses.
 */
export function refusals(plugin: FilterPlugin, request: PlacementRequest, snapshot: Snapshot) {
  snapshot.scratch.reset();
  const filter = plugin.prepare(request, snapshot);
  const order = snapshot.hosts.order();
  const rows = Int32Array.from(order);
  const kept = new Set(rows.subarray(0, filter?.keep(rows, rows.length) ?? rows.length));
  const found: Record<string, string> = {};
  for (const row of order) {
    const reason = filter?.refusal(row);
    if (kept.has(row) === (reason !== undefined)) throw new Error(`keep and refusal differ: ${reason}`);
    if (reason !== undefined) found[snapshot.hosts.nameOf(row)] = reason;
  }
  return found;
}

const plain: ScoreSettings = { resourceWeights: { cpus: 1, memory: 1, disk: 0 }, shape: [] };

/** The points that a plugin gives each host, by the host's name; none where it makes no difference. */
export function pointsOf(
  plugin: ScorePlugin,
  request: PlacementRequest,
  snapshot: Snapshot,
  settings: Partial<ScoreSettings> = {},
): Record<string, number> {
  snapshot.scratch.reset();
  const score = plugin.prepare(request, snapshot, { ...plain, ...settings });
  if (score === undefined) return {};
  const order = snapshot.hosts.order();
  const points = new Float64Array(order.length);
  const all = { rows: order, count: order.length };
  addPoints(points, score.values(order, order.length), all, 1, score.normalization);
  return Object.fromEntries(
    Array.from(order, (row, index) => [snapshot.hosts.nameOf(row), points[index] ?? 0]),
  );
}

/** A profile with one preference and every filter of `base`. */
export function only(base: Profile, plugin: ScorePlugin): Profile {
  return { ...base, scores: [{ plugin, weight: 1 }] };
}
