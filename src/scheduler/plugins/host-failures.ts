import type { ScorePlugin } from "../framework.ts";

/** Prefers hosts where no starts have failed lately: one failure halves the points, three leave a quarter. */
export const hostFailures: ScorePlugin = {
  name: "HostFailures",
  prepare(_request, { hosts }) {
    if (hosts.counts.failing === 0) return undefined;
    const { failures } = hosts.columns;
    return {
      score(rows, count, points) {
        for (let index = 0; index < count; index += 1)
          points[index] = 100 / (1 + (failures[rows[index] ?? 0] ?? 0));
      },
    };
  },
};
