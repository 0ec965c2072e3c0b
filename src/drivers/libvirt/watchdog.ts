import type { Clock, Timer } from "../../runtime/clock.ts";

/** How long no byte of a stream may move. */
const stallMs = 60_000;

/** Aborts when it is not touched for a while. */
export class Watchdog {
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #timer: Timer;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#timer = this.#set();
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  touch(): void {
    this.#timer.cancel();
    this.#timer = this.#set();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #set(): Timer {
    const expire = (): void => this.#stop.abort(new Error(`nothing moved for ${stallMs} ms`));
    return this.#clock.after(stallMs, expire);
  }
}
