import type { Clock } from "../../runtime/clock.ts";

/** What depends on all hosts, and can be mended, waits no longer than this for those that do not answer. */
const patienceMs = 5_000;

/**
 * After a start: which of the hosts that answered before have been looked at. Until all have, or have been
 * found to be away, nothing is decided that depends on what is on the others.
 */
export class Survey {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #onDone: () => void;
  #open: Set<string> | undefined;
  #deadlineMs = Number.POSITIVE_INFINITY;

  /** `onDone` is called once, when all have been looked at. */
  constructor(clock: Pick<Clock, "monotonic">, onDone: () => void) {
    this.#clock = clock;
    this.#onDone = onDone;
  }

  /** Names those that are expected to answer. */
  begin(hostNames: readonly string[]): void {
    this.#open = new Set(hostNames);
    this.#deadlineMs = this.#clock.monotonic() + patienceMs;
    this.#check();
  }

  /** The host was looked at, or cannot be, or is there no more. */
  note(hostName: string): void {
    if (this.#open?.delete(hostName) === true) this.#check();
  }

  get isDone(): boolean {
    return this.#open?.size === 0;
  }

  /** Whether machines may be given hosts: another host may turn out to be better, which does no harm. */
  get isGoodEnough(): boolean {
    return this.isDone || this.#clock.monotonic() >= this.#deadlineMs;
  }

  #check(): void {
    if (this.isDone) this.#onDone();
  }
}
