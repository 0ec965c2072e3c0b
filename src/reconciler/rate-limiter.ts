import type { Clock } from "../runtime/clock.ts";

/** Says how long to wait before the next attempt. Each call of `delayMs` counts as one attempt. */
export interface RateLimiter {
  /** Milliseconds to wait before trying `key` again. */
  delayMs(key: string): number;
  /** `key` succeeded, or is given up: its next failure counts as its first. */
  forget(key: string): void;
  /** How often `key` has been tried since it was last forgotten. */
  retries(key: string): number;
}

/** client-go's default: 5 ms doubling to 1000 s for each key, and 10 retries a second over all. */
export function defaultRateLimiter(clock: Clock): RateLimiter {
  return slowestOf(
    exponentialBackoff({ baseMs: 5, maxMs: 1_000_000 }),
    tokenBucket({ perSecond: 10, burst: 100, clock }),
  );
}

/** For each key `baseMs` × 2^retries, at most `maxMs`. */
export function exponentialBackoff(options: {
  readonly baseMs: number;
  readonly maxMs: number;
}): RateLimiter {
  const tries = new Map<string, number>();
  return {
    delayMs(key) {
      const tried = tries.get(key) ?? 0;
      tries.set(key, tried + 1);
      return Math.min(options.baseMs * 2 ** tried, options.maxMs);
    },
    // Asked after every success, nearly always of nothing.
    forget: (key) => void (tries.size > 0 && tries.delete(key)),
    retries: (key) => tries.get(key) ?? 0,
  };
}

export interface TokenBucketOptions {
  readonly perSecond: number;
  readonly burst: number;
  readonly clock: Clock;
}

/** `burst` at once, then `perSecond`, whatever the key. */
export function tokenBucket(options: TokenBucketOptions): RateLimiter {
  const { perSecond, burst, clock } = options;
  let tokens = burst;
  let filledAtMs = clock.monotonic();
  return {
    delayMs() {
      const now = clock.monotonic();
      tokens = Math.min(burst, tokens + ((now - filledAtMs) / 1000) * perSecond) - 1;
      filledAtMs = now;
      return tokens >= 0 ? 0 : (-tokens / perSecond) * 1000;
    },
    forget() {},
    retries: () => 0,
  };
}

/** Waits as long as the strictest of `limiters` asks. */
export function slowestOf(...limiters: readonly RateLimiter[]): RateLimiter {
  return {
    delayMs: (key) => Math.max(...limiters.map((limiter) => limiter.delayMs(key))),
    forget: (key) => {
      for (const limiter of limiters) limiter.forget(key);
    },
    retries: (key) => Math.max(...limiters.map((limiter) => limiter.retries(key))),
  };
}
