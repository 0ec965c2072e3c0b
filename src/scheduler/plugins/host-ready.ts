import { type FilterPlugin, keepBits } from "../framework.ts";
import { hostBits } from "../host-table.ts";

/** Hosts that answer now. */
export const hostReady: FilterPlugin = {
  name: "HostReady",
  prepare(_request, { hosts }) {
    if (hosts.counts.notReady === 0) return undefined;
    const { state } = hosts.columns;
    return {
      hostsOnly: "HostReady",
      keep: (rows, count) => keepBits(state, hostBits.ready, rows, count),
      refusal: (row) => (hosts.stateOf(row)?.ready ? undefined : "not ready"),
    };
  },
};
