import type { Clock } from "../../runtime/clock.ts";
import { hasReason } from "../../runtime/errors.ts";
import type { Action } from "./actions.ts";
import type { Outcome } from "./execute.ts";

/** A call has been given up after half a minute; so long after that it may still be carried out. */
const mayStillComeMs = 60_000;

/** What leaves something behind when it comes too late. */
const makes: ReadonlySet<Action["type"]> = new Set(["DefineDomain", "StartDomain", "EnsureVolume"]);

/**
 * Steps that a host was asked for and did not answer. They may be carried out later, even over a connection
 * that has ended: until then it must not be said that nothing is left of a machine. Another process does not
 * know of them; what they come to there is reported as nobody's.
 */
export class UnansweredSteps {
  readonly #clock: Clock;
  /** By uid: until when the last of them may come. */
  readonly #untilMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(uid: string, { failed }: Outcome): void {
    if (failed === undefined || !makes.has(failed.action.type)) return;
    if (!hasReason(failed.error, "OutcomeUnknown")) return;
    const now = this.#clock.monotonic();
    for (const [other, untilMs] of this.#untilMs) if (untilMs <= now) this.#untilMs.delete(other);
    this.#untilMs.set(uid, now + mayStillComeMs);
  }

  /** How long to wait until whatever was asked for has been done or never will be. */
  waitMs(uid: string): number {
    return Math.max(0, (this.#untilMs.get(uid) ?? 0) - this.#clock.monotonic());
  }
}
