import t from "tap";
import type { Clock } from "../runtime/clock.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { DelayingQueue } from "./delaying-queue.ts";

function setUp() {
  const clock = new ManualClock();
  const added: string[] = [];
  const queue = new DelayingQueue<string>({ clock, keyOf: (item) => item, add: (item) => added.push(item) });
  return { clock, added, queue };
}

t.test("an item is added when its time has come, not before", async (t) => {
  const { clock, added, queue } = setUp();
  queue.addAfter("a", 100);
  await clock.advance(99);
  t.strictSame(added, []);
  await clock.advance(1);
  t.strictSame(added, ["a"]);
});

t.test("without a delay it is added at once", async (t) => {
  const { added, queue } = setUp();
  queue.addAfter("a", 0);
  queue.addAfter("b", -5);
  t.strictSame(added, ["a", "b"]);
});

t.test("the earlier of two delays wins, whichever was asked for first", async (t) => {
  const { clock, added, queue } = setUp();
  queue.addAfter("a", 100);
  queue.addAfter("a", 10);
  queue.addAfter("b", 10);
  queue.addAfter("b", 100);
  await clock.advance(10);
  t.strictSame(added.sort(), ["a", "b"]);
  await clock.advance(1000);
  t.equal(added.length, 2);
});

t.test("all items share one timer", async (t) => {
  const { clock, added, queue } = setUp();
  for (let index = 0; index < 1000; index += 1) queue.addAfter(`item-${index}`, 1000 - index);
  t.equal(clock.pendingTimers, 1);
  await clock.advance(1000);
  t.equal(added.length, 1000);
  t.equal(added[0], "item-999");
  t.equal(clock.pendingTimers, 0);
});

t.test("a delay longer than the machine's timers can take works", async (t) => {
  const clock = new ManualClock();
  const added: string[] = [];
  const limited: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (delayMs, callback) => clock.after(delayMs > 2 ** 31 - 1 ? 1 : delayMs, callback),
    sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
    yield: () => clock.yield(),
    drained: () => clock.drained(),
  };
  const queue = new DelayingQueue<string>({
    clock: limited,
    keyOf: (item) => item,
    add: (item) => added.push(item),
  });
  const fiftyDaysMs = 50 * 24 * 3_600_000;
  queue.addAfter("a", fiftyDaysMs);
  await clock.advance(10);
  t.strictSame(added, []);
  await clock.advance(fiftyDaysMs - 11);
  t.strictSame(added, []);
  await clock.advance(1);
  t.strictSame(added, ["a"]);
});

t.test("an item added by the release of another is kept", async (t) => {
  const clock = new ManualClock();
  const added: string[] = [];
  const queue: DelayingQueue<string> = new DelayingQueue<string>({
    clock,
    keyOf: (item) => item,
    add: (item) => {
      added.push(item);
      if (added.length < 3) queue.addAfter(item, 10);
    },
  });
  queue.addAfter("a", 10);
  await clock.advance(100);
  t.strictSame(added, ["a", "a", "a"]);
});

t.test("shutDown forgets what waits and leaves no timer", async (t) => {
  const { clock, added, queue } = setUp();
  queue.addAfter("a", 10);
  queue.shutDown();
  queue.addAfter("b", 10);
  queue.addAfter("c", 0);
  t.equal(clock.pendingTimers, 0);
  await clock.advance(100);
  t.strictSame(added, []);
});

t.test("a delay that is not a number is refused", async (t) => {
  t.throws(() => setUp().queue.addAfter("a", Number.NaN), RangeError);
});
