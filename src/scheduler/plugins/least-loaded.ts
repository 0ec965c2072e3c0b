import type { ScorePlugin } from "../framework.ts";
import { lowestBest } from "../normalize.ts";

/** Prefers the host with the fewest machines, whatever their size. */
export const leastLoaded: ScorePlugin = {
  name: "LeastLoaded",
  prepare(_request, { hosts }) {
    const { machines } = hosts.columns;
    return {
      score(rows, count, points) {
        for (let index = 0; index < count; index += 1) points[index] = machines[rows[index] ?? 0] ?? 0;
        lowestBest(points, count);
      },
    };
  },
};
