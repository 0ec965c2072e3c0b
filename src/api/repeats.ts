/** How many of one kind are told at once, and how many more each second. */
export interface RepeatLimits {
  readonly burst: number;
  readonly perSecond: number;
}

/** Whose repeats are counted; the one that was heard of longest ago is forgotten first. */
const maxKeys = 10_000;

interface Counted {
  left: number;
  atMs: number;
  /** Since the last one that was told. */
  suppressed: number;
}

export interface Repeat {
  /** One of too many: it is not told by itself. */
  readonly isTooMany: boolean;
  /** How many were not told before this one that is. */
  readonly suppressed: number;
}

/** What is refused over and over is told up to a measure and else counted, for each who is refused. */
export class Repeats {
  readonly #limits: RepeatLimits;
  readonly #byKey = new Map<string, Counted>();

  constructor(limits: RepeatLimits) {
    this.#limits = limits;
  }

  /** `key` says who; `now` is milliseconds of a clock that never goes back. */
  note(key: string, now: number): Repeat {
    const { burst, perSecond } = this.#limits;
    const counted = this.#byKey.get(key) ?? { left: burst, atMs: now, suppressed: 0 };
    counted.left = Math.min(burst, counted.left + ((now - counted.atMs) / 1000) * perSecond);
    counted.atMs = now;
    this.#byKey.delete(key);
    this.#byKey.set(key, counted);
    this.#forgetOldest();
    if (counted.left < 1) {
      counted.suppressed += 1;
      return { isTooMany: true, suppressed: 0 };
    }
    counted.left -= 1;
    const { suppressed } = counted;
    counted.suppressed = 0;
    return { isTooMany: false, suppressed };
  }

  #forgetOldest(): void {
    if (this.#byKey.size <= maxKeys) return;
    for (const key of this.#byKey.keys()) {
      this.#byKey.delete(key);
      return;
    }
  }
}
