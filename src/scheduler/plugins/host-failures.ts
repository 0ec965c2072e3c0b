import type { ScorePlugin } from "../framework.ts";

/** Prefers hosts where no starts have failed lately: one failure halves the points, three leave a quarter. */
export const hostFailures: ScorePlugin = {
  name: "HostFailures",
  prepare(_request, { hosts, amounts }) {
    if (hosts.counts.failing === 0) return undefined;
    const { failures } = hosts.columns;
    const points = amounts.column("HostFailures", (rows, count, values) => {
      for (let index = 0; index < count; index += 1) {
        const row = rows[index] ?? 0;
        values[row] = 100 / (1 + (failures[row] ?? 0));
      }
    });
    return { values: () => points };
  },
};
