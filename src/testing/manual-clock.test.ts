import t from "tap";
import { ManualClock, manualEpochMs } from "./manual-clock.ts";

t.test("timers fire in order of time, then of creation, at the time they asked for", async (t) => {
  const clock = new ManualClock();
  const fired: string[] = [];
  const note = (name: string) => () => fired.push(`${name}@${clock.monotonic()}`);
  clock.after(20, note("c"));
  clock.after(10, note("a"));
  clock.after(10, note("b"));
  clock.after(31, note("late"));
  await clock.advance(30);
  t.same(fired, ["a@10", "b@10", "c@20"]);
  t.equal(clock.now(), manualEpochMs + 30);
  t.equal(clock.pendingTimers, 1);
});

t.test("promises that a timer wakes run before the next timer, through any number of yields", async (t) => {
  const clock = new ManualClock();
  const order: string[] = [];
  const work = async (): Promise<void> => {
    await clock.sleep(5);
    for (let i = 0; i < 3; i += 1) await clock.yield();
    order.push("work");
    await clock.sleep(5);
    order.push("work again");
  };
  const done = work();
  clock.after(6, () => order.push("six"));
  await clock.advance(100);
  await done;
  t.same(order, ["work", "six", "work again"]);
});

t.test("a cancelled timer never fires and an aborted sleep rejects with the reason", async (t) => {
  const clock = new ManualClock();
  const timer = clock.after(1, () => t.fail("fired"));
  timer.cancel();
  timer.cancel();
  const controller = new AbortController();
  const sleep = clock.sleep(10, controller.signal);
  const reason = new Error("stop");
  controller.abort(reason);
  await t.rejects(sleep, reason);
  await t.rejects(clock.sleep(10, controller.signal), reason);
  t.equal(clock.pendingTimers, 0);
  await clock.advance(100);
});
