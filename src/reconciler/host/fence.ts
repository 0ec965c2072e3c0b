import { parseTime } from "../../runtime/clock.ts";
import type { Fence } from "../../schema/fence.ts";
import type { Host } from "../../schema/host.ts";

/** The statement that the host is down, if one stands at this time. */
export function fenceInForce(host: Pick<Host, "status"> | undefined, now: number): Fence | undefined {
  const fence = host?.status?.fence;
  return fence !== undefined && now < parseTime(fence.expiresAt) ? fence : undefined;
}
