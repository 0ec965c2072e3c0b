import { type FilterPlugin, keepBits } from "../framework.ts";
import { hostBits } from "../host-table.ts";

/** Hosts that nobody has cordoned. */
export const hostUnschedulable: FilterPlugin = {
  name: "HostUnschedulable",
  prepare(_request, { hosts }) {
    if (hosts.counts.cordoned === 0) return undefined;
    const { state } = hosts.columns;
    return {
      hostsOnly: "HostUnschedulable",
      keep: (rows, count) => keepBits(state, hostBits.schedulable, rows, count),
      refusal: (row) => (hosts.stateOf(row)?.unschedulable ? "cordoned" : undefined),
    };
  },
};
