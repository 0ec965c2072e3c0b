import type { ScorePlugin } from "../framework.ts";

/** Prefers hosts that hold the machine's image contents already: nothing need be uploaded. */
export const imageLocality: ScorePlugin = {
  name: "ImageLocality",
  prepare({ contents }, snapshot) {
    const total = contents.reduce((sum, { bytes }) => sum + bytes, 0);
    const { scratch, hosts } = snapshot;
    if (total <= 0) return undefined;
    const held = scratch.floats(hosts.rowCount);
    for (const { volume, bytes } of contents) {
      for (const row of snapshot.contents.holders(volume)) held[row] = (held[row] ?? 0) + bytes;
    }
    return {
      score(rows, count, points) {
        for (let index = 0; index < count; index += 1) {
          points[index] = (100 * (held[rows[index] ?? 0] ?? 0)) / total;
        }
      },
    };
  },
};
