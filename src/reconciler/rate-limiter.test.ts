import t from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { defaultRateLimiter, exponentialBackoff, slowestOf, tokenBucket } from "./rate-limiter.ts";

t.test("a key that fails again and again waits twice as long each time, up to the cap", async (t) => {
  const limiter = exponentialBackoff({ baseMs: 5, maxMs: 1_000_000 });
  const delays = Array.from({ length: 25 }, () => limiter.delayMs("a"));
  t.strictSame(delays.slice(0, 5), [5, 10, 20, 40, 80]);
  t.strictSame(delays.slice(17, 20), [655_360, 1_000_000, 1_000_000]);
  t.equal(limiter.retries("a"), 25);
});

t.test("a thousand failures do not overflow", async (t) => {
  const limiter = exponentialBackoff({ baseMs: 5, maxMs: 1000 });
  for (let attempt = 0; attempt < 2000; attempt += 1) limiter.delayMs("a");
  t.equal(limiter.delayMs("a"), 1000);
});

t.test("keys do not share their backoff, and forgetting starts it anew", async (t) => {
  const limiter = exponentialBackoff({ baseMs: 5, maxMs: 1000 });
  limiter.delayMs("a");
  t.equal(limiter.delayMs("b"), 5);
  limiter.forget("a");
  t.equal(limiter.retries("a"), 0);
  t.equal(limiter.delayMs("a"), 5);
});

t.test("a token bucket lets a burst through, then a steady rate", async (t) => {
  const clock = new ManualClock();
  const limiter = tokenBucket({ perSecond: 10, burst: 3, clock });
  const delays = Array.from({ length: 6 }, (_, index) => limiter.delayMs(`k${index}`));
  t.strictSame(delays, [0, 0, 0, 100, 200, 300]);
  await clock.advance(10_000);
  t.strictSame([limiter.delayMs("x"), limiter.delayMs("x")], [0, 0], "it fills up again");
});

t.test("of several limiters the strictest decides", async (t) => {
  const clock = new ManualClock();
  const limiter = slowestOf(
    exponentialBackoff({ baseMs: 50, maxMs: 1000 }),
    tokenBucket({ perSecond: 1, burst: 1, clock }),
  );
  t.equal(limiter.delayMs("a"), 50);
  t.equal(limiter.delayMs("a"), 1000);
  t.equal(limiter.retries("a"), 2);
  limiter.forget("a");
  t.equal(limiter.retries("a"), 0);
});

t.test("the default allows a hundred failing keys at once and ten more each second", async (t) => {
  const limiter = defaultRateLimiter(new ManualClock());
  const delays = Array.from({ length: 110 }, (_, index) => limiter.delayMs(`k${index}`));
  t.equal(delays[99], 5);
  t.equal(delays[109], 1000);
});
