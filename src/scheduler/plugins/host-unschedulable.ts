import type { FilterPlugin } from "../framework.ts";

/** Hosts that nobody has cordoned. */
export const hostUnschedulable: FilterPlugin = {
  name: "HostUnschedulable",
  reject: (_request, host) => (host.unschedulable ? "cordoned" : undefined),
};
