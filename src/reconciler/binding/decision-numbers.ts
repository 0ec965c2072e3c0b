import { type Clock, formatTime } from "../../runtime/clock.ts";
import type { Decision } from "../../schema/decision.ts";

/** Numbers decisions, on from those that were made before the start. */
export class DecisionNumbers {
  readonly #clock: Pick<Clock, "now">;
  #sequence = 0;
  /** The newest placement of those before the start, until it was asked for. */
  #lastPlaced: { readonly sequence: number; readonly hostName: string } | undefined;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** What each decision that is made now begins with. */
  head(): Pick<Decision, "sequence" | "time"> {
    return { sequence: this.next(), time: formatTime(this.#clock.now()) };
  }

  /** Takes in what was decided before. */
  resume(decisions: readonly Decision[]): void {
    for (const { sequence, type, hostName } of decisions) {
      this.#sequence = Math.max(this.#sequence, sequence);
      const isNewest = type === "Placed" && sequence > (this.#lastPlaced?.sequence ?? 0);
      if (isNewest && hostName !== undefined) this.#lastPlaced = { sequence, hostName };
    }
  }

  /** The host of the newest placement before the start, once: where a rotation goes on from. */
  takeLastHost(): string | undefined {
    const hostName = this.#lastPlaced?.hostName;
    this.#lastPlaced = undefined;
    return hostName;
  }
}
