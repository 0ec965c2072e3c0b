import type { FastifyRequest } from "fastify";
import { hasReason, StatusError } from "../../runtime/errors.ts";
import type { Access, Caller } from "./access.ts";

/** How many failures an address has at once, and how many more each second. */
const burst = 100;
const perSecond = 10;
/** Addresses that are remembered; the one that was heard of longest ago is forgotten first. */
const maxAddresses = 10_000;

interface Failures {
  left: number;
  atMs: number;
  /** Since the last one that was let through to the log. */
  suppressed: number;
}

/** What becomes of a failed login. */
export interface FailedLogin {
  /** Too many of them: it is refused in fewer words, and not written down by itself. */
  readonly slowed: boolean;
  /** How many were slowed before this one that is not. */
  readonly suppressed: number;
}

/**
 * Slows down who fails to log in over and over, by address. Who logs in is never slowed: a right token is
 * looked at as before, so that nobody can be shut out by a neighbour.
 */
export class FailedLogins {
  readonly #byAddress = new Map<string, Failures>();

  /** `now` is milliseconds of a clock that never goes back. */
  failed(address: string, now: number): FailedLogin {
    const failures = this.#byAddress.get(address) ?? { left: burst, atMs: now, suppressed: 0 };
    failures.left = Math.min(burst, failures.left + ((now - failures.atMs) / 1000) * perSecond);
    failures.atMs = now;
    this.#byAddress.delete(address);
    this.#byAddress.set(address, failures);
    this.#forgetOldest();
    if (failures.left < 1) {
      failures.suppressed += 1;
      return { slowed: true, suppressed: 0 };
    }
    failures.left -= 1;
    const { suppressed } = failures;
    failures.suppressed = 0;
    return { slowed: false, suppressed };
  }

  #forgetOldest(): void {
    if (this.#byAddress.size <= maxAddresses) return;
    for (const address of this.#byAddress.keys()) {
      this.#byAddress.delete(address);
      return;
    }
  }
}

/** Who fails over and over is told to wait, in an answer that is not written down by itself. */
export function admitSlowly(
  { access, logins }: { readonly access: Access; readonly logins: FailedLogins },
  request: FastifyRequest,
  now: number,
): Caller {
  try {
    return access.admit(request);
  } catch (error) {
    if (!hasReason(error, "Unauthorized")) throw error;
    const { slowed, suppressed } = logins.failed(request.ip, now);
    request.unaudited = slowed;
    if (suppressed > 0) request.audited = { suppressed };
    if (!slowed) throw error;
    const message = "too many failed logins from this address; try again later";
    throw new StatusError("TooManyRequests", message, { cause: error, retryAfterSeconds: 1 });
  }
}
