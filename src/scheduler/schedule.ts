import type { HostState, PlacementRequest, Profile } from "./framework.ts";

/** Where a machine should live, or why nowhere: each reason with the number of hosts that gave it. */
export type Placement =
  | { readonly type: "placed"; readonly hostName: string; readonly score: number }
  | { readonly type: "unschedulable"; readonly message: string };

/** The feasible host with the highest weighted score; among equals the first by name. */
export function schedule(request: PlacementRequest, hosts: Iterable<HostState>, profile: Profile): Placement {
  let best: { readonly hostName: string; readonly score: number } | undefined;
  const refusals = new Map<string, number>();
  for (const host of hosts) {
    const refusal = firstRefusal(request, host, profile);
    if (refusal !== undefined) {
      refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1);
      continue;
    }
    const score = totalScore(request, host, profile);
    if (best === undefined || score > best.score || (score === best.score && host.name < best.hostName)) {
      best = { hostName: host.name, score };
    }
  }
  return best === undefined
    ? { type: "unschedulable", message: explain(refusals) }
    : { type: "placed", ...best };
}

function firstRefusal(request: PlacementRequest, host: HostState, profile: Profile): string | undefined {
  for (const plugin of profile.filters) {
    const refusal = plugin.reject(request, host);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function totalScore(request: PlacementRequest, host: HostState, profile: Profile): number {
  let total = 0;
  for (const { plugin, weight } of profile.scores) total += weight * plugin.score(request, host);
  return total;
}

function explain(refusals: ReadonlyMap<string, number>): string {
  if (refusals.size === 0) return "there are no hosts: add a Host";
  const total = [...refusals.values()].reduce((sum, count) => sum + count, 0);
  const reasons = [...refusals].map(([reason, count]) => `${count} ${reason}`);
  return `0 of ${total} hosts can take it: ${reasons.join(", ")}`;
}
