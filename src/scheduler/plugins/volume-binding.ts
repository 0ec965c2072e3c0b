import type { FilterPlugin } from "../framework.ts";

/** The host on which the data of all the machine's volumes is. */
export const volumeBinding: FilterPlugin = {
  name: "VolumeBinding",
  prepare({ volumeHosts }, { hosts }) {
    if (volumeHosts.length === 0) return undefined;
    const [only = "", ...others] = volumeHosts;
    const there = others.length === 0 ? hosts.rowOf(only) : undefined;
    return {
      hostsOnly: `VolumeBinding ${volumeHosts.join(" ")}`,
      keep(rows, count) {
        const place = there === undefined ? -1 : rows.indexOf(there);
        if (there === undefined || place < 0 || place >= count) return 0;
        rows[0] = there;
        return 1;
      },
      refusal: (row) => (row === there ? undefined : `away from its volumes on ${volumeHosts.join(", ")}`),
    };
  },
};
