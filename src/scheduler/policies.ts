import type { Profile } from "./framework.ts";
import { hostReady } from "./plugins/host-ready.ts";
import { hostUnschedulable } from "./plugins/host-unschedulable.ts";
import { leastAllocated } from "./plugins/least-allocated.ts";
import { resourcesFit } from "./plugins/resources-fit.ts";

/** The policy when none is named: any host that fits, the emptiest first. */
export const spread: Profile = {
  filters: [hostReady, hostUnschedulable, resourcesFit],
  scores: [{ plugin: leastAllocated, weight: 1 }],
};
