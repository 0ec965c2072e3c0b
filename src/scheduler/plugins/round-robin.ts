import type { ScorePlugin } from "../framework.ts";
import { compareHosts } from "../host-table.ts";
import type { Snapshot } from "../snapshot.ts";

/** Prefers the next host in host order after the one that was used last, then the next but one, and so on. */
export const roundRobin: ScorePlugin = {
  name: "RoundRobin",
  prepare(_request, snapshot) {
    const { hosts } = snapshot;
    const total = hosts.order().length;
    const first = firstAfterLastUsed(snapshot);
    const { rank } = hosts.columns;
    return {
      values(rows, count) {
        const points = snapshot.scratch.floats(hosts.rowCount);
        for (let index = 0; index < count; index += 1) {
          const row = rows[index] ?? 0;
          const ahead = (rank[row] ?? 0) - first;
          const distance = ahead < 0 ? ahead + total : ahead;
          points[row] = 100 - (100 * distance) / total;
        }
        return points;
      },
    };
  },
};

/** The place in host order of the host whose turn it is; also when the last one has gone. */
function firstAfterLastUsed({ hosts, lastUsed }: Snapshot): number {
  if (lastUsed === undefined) return 0;
  const order = hosts.order();
  const isAfter = (place: number): boolean => {
    const host = hosts.stateOf(order[place] ?? -1);
    return host !== undefined && compareHosts(host, lastUsed) > 0;
  };
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAfter(middle)) high = middle;
    else low = middle + 1;
  }
  return low === order.length ? 0 : low;
}
