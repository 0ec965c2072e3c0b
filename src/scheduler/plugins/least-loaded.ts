import type { ScorePlugin } from "../framework.ts";

/** Prefers the host with the fewest machines, whatever their size. */
export const leastLoaded: ScorePlugin = {
  name: "LeastLoaded",
  prepare(_request, { hosts }) {
    return { values: () => hosts.columns.machines, normalization: "lowestBest" };
  },
};
