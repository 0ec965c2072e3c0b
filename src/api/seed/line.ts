import { StatusError } from "../../runtime/errors.ts";

interface Waiting {
  readonly enter: () => void;
}

/** One at a time, first come first served. Whoever comes when too many wait is turned away. */
export class Line {
  readonly #most: number;
  readonly #waiting: Waiting[] = [];
  #busy = false;

  /** `most` may wait at once. */
  constructor(most: number) {
    this.#most = most;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Runs `work` when it is its turn. Throws `TooManyRequests`, or the signal's reason while it waits. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#turn(signal);
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#most) {
      throw new StatusError("TooManyRequests", `${this.#most} requests are waiting already; try again later`);
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason);
      };
      const waiting = {
        enter: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
    });
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy = false;
    else next.enter();
  }
}
