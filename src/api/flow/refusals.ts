import type { FastifyRequest } from "fastify";
import type { RepeatLimits, Repeats } from "../repeats.ts";

/** Refusals of one user for want of room. */
export const refusals: RepeatLimits = { burst: 100, perSecond: 10 };

/** Who is refused over and over for want of room fills neither the log nor the audit trail with that. */
export function countRefusal(
  repeats: Repeats,
  request: Pick<FastifyRequest, "audited" | "caller" | "unaudited">,
  now: number,
): void {
  if (request.unaudited || request.caller === undefined) return;
  const { user, impersonator = user } = request.caller;
  const { isTooMany, suppressed } = repeats.note(impersonator.name, now);
  request.unaudited = isTooMany;
  if (suppressed > 0) request.audited = { ...request.audited, suppressed };
}
