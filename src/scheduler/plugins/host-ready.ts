import type { FilterPlugin } from "../framework.ts";

/** Hosts that answer and are known well enough to start machines on. */
export const hostReady: FilterPlugin = {
  name: "HostReady",
  reject(_request, host) {
    if (!host.ready) return "not ready";
    return host.acceleratorKnown ? undefined : "with no known accelerator yet";
  },
};
