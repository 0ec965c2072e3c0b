import { StatusError } from "../runtime/errors.ts";

/** How much may go on at once. */
export interface SeatLimits {
  /** Requests that are answered at once. */
  readonly requests: number;
  /** Watches, which stay. */
  readonly watches: number;
}

export type SeatClass = keyof SeatLimits;

/** Counts what goes on, and turns away what is too much with `TooManyRequests`. */
export class Seats {
  readonly #limits: SeatLimits;
  readonly #taken: Record<SeatClass, number> = { requests: 0, watches: 0 };

  constructor(limits: SeatLimits) {
    this.#limits = limits;
  }

  /** Takes a seat. The returned function gives it back, once. */
  take(seatClass: SeatClass): () => void {
    if (this.#taken[seatClass] >= this.#limits[seatClass]) {
      throw new StatusError("TooManyRequests", `too many ${seatClass} at once; try again later`, {
        retryAfterSeconds: 1,
      });
    }
    this.#taken[seatClass] += 1;
    let held = true;
    return () => {
      if (held) this.#taken[seatClass] -= 1;
      held = false;
    };
  }

  taken(seatClass: SeatClass): number {
    return this.#taken[seatClass];
  }
}
