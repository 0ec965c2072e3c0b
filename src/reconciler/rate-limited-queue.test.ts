import * as fc from "fast-check";
import t from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { RateLimitedQueue } from "./rate-limited-queue.ts";
import { exponentialBackoff } from "./rate-limiter.ts";

function createQueue(clock: ManualClock): RateLimitedQueue<string> {
  const rateLimiter = exponentialBackoff({ baseMs: 5, maxMs: 1000 });
  return new RateLimitedQueue<string>({ clock, keyOf: (item) => item, rateLimiter });
}

t.test("failures come back later and later, until forgotten", async (t) => {
  const clock = new ManualClock();
  const queue = createQueue(clock);
  const waits: number[] = [];
  for (let failure = 0; failure < 4; failure += 1) {
    const from = clock.monotonic();
    queue.addRateLimited("a");
    t.equal(queue.delayed, 1);
    while (queue.depth === 0) await clock.advance(1);
    waits.push(clock.monotonic() - from);
    queue.done((await queue.get()) ?? "");
  }
  t.strictSame(waits, [5, 10, 20, 40]);
  t.equal(queue.retries("a"), 4);
  queue.forget("a");
  t.equal(queue.retries("a"), 0);
});

t.test("an item that is held back can be added sooner", async (t) => {
  const queue = createQueue(new ManualClock());
  queue.addAfter("a", 1000);
  queue.add("a");
  t.equal(await queue.get(), "a");
});

t.test("a shut down queue forgets what is held back", async (t) => {
  const clock = new ManualClock();
  const queue = createQueue(clock);
  queue.addAfter("a", 1000);
  queue.shutDown();
  t.equal(queue.delayed, 0);
  t.equal(clock.pendingTimers, 0);
  t.equal(await queue.get(), undefined);
});

t.test("whatever is added in whatever way is looked at, and never by two", async () => {
  const step = fc.record({
    key: fc.constantFrom("a", "b", "c"),
    how: fc.constantFrom("add", "later", "limited"),
    delayMs: fc.nat(50),
    passMs: fc.nat(30),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.nat(20), async (steps, workMs) => {
      const clock = new ManualClock();
      const queue = createQueue(clock);
      const inWork = new Set<string>();
      const lastLook = new Map<string, number>();
      const lastAdd = new Map<string, number>();
      const work = async (): Promise<void> => {
        for (let item = await queue.get(); item !== undefined; item = await queue.get()) {
          if (inWork.has(item)) throw new Error(`${item} is in two hands`);
          inWork.add(item);
          lastLook.set(item, clock.monotonic());
          await clock.sleep(workMs);
          inWork.delete(item);
          queue.done(item);
        }
      };
      const running = [work(), work()];
      for (const { key, how, delayMs, passMs } of steps) {
        lastAdd.set(key, clock.monotonic());
        if (how === "add") queue.add(key);
        else if (how === "later") queue.addAfter(key, delayMs);
        else queue.addRateLimited(key);
        await clock.advance(passMs);
      }
      await clock.advance(5000);
      queue.shutDown();
      await Promise.all(running);
      for (const [key, added] of lastAdd) {
        if ((lastLook.get(key) ?? -1) < added) throw new Error(`the last add of ${key} was lost`);
      }
    }),
    { numRuns: 100, seed: 1 },
  );
});
