import { type FilterPlugin, keepBits } from "../framework.ts";
import { hostBits } from "../host-table.ts";

/** Hosts of which it is known what they start machines with. */
export const acceleratorKnown: FilterPlugin = {
  name: "AcceleratorKnown",
  prepare(_request, { hosts }) {
    if (hosts.counts.withoutAccelerator === 0) return undefined;
    const { state } = hosts.columns;
    return {
      hostsOnly: "AcceleratorKnown",
      keep: (rows, count) => keepBits(state, hostBits.acceleratorKnown, rows, count),
      refusal: (row) => (hosts.stateOf(row)?.acceleratorKnown ? undefined : "with no known accelerator yet"),
    };
  },
};
