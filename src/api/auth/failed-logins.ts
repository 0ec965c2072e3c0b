import type { FastifyRequest } from "fastify";
import { hasReason, StatusError } from "../../runtime/errors.ts";
import type { RepeatLimits, Repeats } from "../repeats.ts";
import type { Access, Caller } from "./access.ts";

/** Failures of one address. */
export const failedLogins: RepeatLimits = { burst: 100, perSecond: 10 };

/**
 * Slows down who fails to log in over and over, by address, in an answer that is not written down by itself.
 * Who logs in is never slowed: a right token is looked at as before, so that nobody can be shut out by a
 * neighbour.
 */
export function admitSlowly(
  { access, logins }: { readonly access: Access; readonly logins: Repeats },
  request: FastifyRequest,
  now: number,
): Caller {
  try {
    return access.admit(request);
  } catch (error) {
    if (!hasReason(error, "Unauthorized")) throw error;
    const { isTooMany, suppressed } = logins.note(request.ip, now);
    request.unaudited = isTooMany;
    if (suppressed > 0) request.audited = { suppressed };
    if (!isTooMany) throw error;
    const message = "too many failed logins from this address; try again later";
    throw new StatusError("TooManyRequests", message, { cause: error, retryAfterSeconds: 1 });
  }
}
