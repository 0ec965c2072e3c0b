import type { ScorePlugin } from "../framework.ts";

/** Prefers hosts that hold the machine's image contents already: nothing need be uploaded. */
export const imageLocality: ScorePlugin = {
  name: "ImageLocality",
  prepare(request, snapshot) {
    const wanted = request.contents;
    const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= 0) return undefined;
    const points = snapshot.traitColumn(`ImageLocality ${JSON.stringify(wanted)}`, ({ contents }) => {
      const held = wanted.reduce((sum, { volume, bytes }) => sum + (contents.has(volume) ? bytes : 0), 0);
      return (100 * held) / total;
    });
    return { values: () => points };
  },
};
