import type { Clock } from "../runtime/clock.ts";

/**
 * Shares the event loop: a long row of quick pieces of work must not keep timers, sockets and leadership
 * waiting. Work that comes after a rest begins a turn of its own; it does not wait for others, who have just
 * had theirs.
 */
export class Turns {
  readonly #clock: Pick<Clock, "monotonic" | "yield">;
  readonly #lengthMs: number;
  #beganMs = 0;
  #rest: "none" | "begun" | "over" = "none";

  constructor(clock: Pick<Clock, "monotonic" | "yield">, lengthMs: number) {
    this.#clock = clock;
    this.#lengthMs = lengthMs;
  }

  /** There is nothing to do. It is a rest once others have had a turn, and not if more comes before that. */
  rest(): void {
    if (this.#rest !== "none") return;
    this.#rest = "begun";
    void this.#clock.yield().then(() => {
      this.#rest = "over";
    });
  }

  /** A piece of work begins. */
  begin(): void {
    if (this.#rest !== "over") return;
    this.#rest = "none";
    this.#beganMs = this.#clock.monotonic();
  }

  /** After a piece of work: lets others have their turn when this one has been long enough. */
  async share(): Promise<void> {
    if (this.#clock.monotonic() - this.#beganMs < this.#lengthMs) return;
    await this.#clock.yield();
    this.#beganMs = this.#clock.monotonic();
  }
}
