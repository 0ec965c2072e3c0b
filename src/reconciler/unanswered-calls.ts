import type { Clock } from "../runtime/clock.ts";
import { hasReason } from "../runtime/errors.ts";

/** A call has been given up after half a minute; so long after that it may still be carried out. */
const mayStillComeMs = 60_000;

/**
 * Calls that a host has not answered and that leave something behind when they come late. They may be carried
 * out even over a connection that has ended: until then it must not be said that nothing is left. Another
 * process does not know of them; what they come to there is reported as nobody's.
 */
export class UnansweredCalls {
  readonly #clock: Clock;
  /** By uid: until when the last of them may come. */
  readonly #untilMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A call for the object with this uid has failed with `error`. */
  note(uid: string, error: unknown): void {
    if (!hasReason(error, "OutcomeUnknown")) return;
    const now = this.#clock.monotonic();
    for (const [other, untilMs] of this.#untilMs) if (untilMs <= now) this.#untilMs.delete(other);
    this.#untilMs.set(uid, now + mayStillComeMs);
  }

  /** How long to wait until whatever was asked for has been done or never will be, in whole milliseconds. */
  waitMs(uid: string): number {
    const leftMs = (this.#untilMs.get(uid) ?? 0) - this.#clock.monotonic();
    return Math.max(0, Math.ceil(leftMs));
  }
}
