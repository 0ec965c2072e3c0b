import type { Complain } from "./audit.ts";

export interface RateWatchOptions {
  readonly complain: Complain;
  readonly now: () => number;
}

/** Four times as much as was ever seen to be needed: of writes by a volume, of calls to look at one. */
const most = 60;
const withinMs = 10_000;

interface Count {
  sinceMs: number;
  times: number;
}

/** L6: nothing is done again and again, by one who finds no end or by two who do not agree. */
export class RateWatch {
  readonly #options: RateWatchOptions;
  readonly #counts = new Map<string, Count>();

  constructor(options: RateWatchOptions) {
    this.#options = options;
  }

  /** The same thing, as `key` tells, was done once more. `what` says which: "Host h1 is written". */
  seen(key: string, what: () => string): void {
    const { complain, now } = this.#options;
    const count = this.#counts.get(key) ?? { sinceMs: now(), times: 0 };
    this.#counts.set(key, count);
    if (now() - count.sinceMs > withinMs) [count.sinceMs, count.times] = [now(), 0];
    count.times += 1;
    if (count.times === most)
      complain("L6", `${what()} ${most} times within ${Math.round(now() - count.sinceMs)} ms`);
  }
}
