import { parseTime } from "../../runtime/clock.ts";
import type { Fence } from "../../schema/fence.ts";
import type { Host } from "../../schema/host.ts";

/** So far ahead the clock of another controller may be, to which a person spoke. */
const skewMs = 60_000;

/** The statement that the host is down, if one stands at this time. */
export function fenceInForce(host: Pick<Host, "status"> | undefined, now: number): Fence | undefined {
  const fence = host?.status?.fence;
  return fence !== undefined && !isOver(fence, now) && !liesAhead(fence, now) ? fence : undefined;
}

/** Why a statement does not stand at this time. */
export function whyNotInForce(fence: Fence, now: number): string {
  return liesAhead(fence, now)
    ? "the clock has been set back to before it was made, so that nobody knows for how long it has stood"
    : "its time is over";
}

function isOver({ expiresAt }: Fence, now: number): boolean {
  return !(now < parseTime(expiresAt));
}

function liesAhead({ statedAt }: Fence, now: number): boolean {
  return !(parseTime(statedAt) <= now + skewMs);
}
