import t from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { withDeadline } from "./deadline.ts";

function fixture() {
  const clock = new ManualClock();
  const stop = new AbortController();
  const options = { clock, lengthMs: 1_000, signal: stop.signal, reason: () => new Error("too slow") };
  const wait = (delayMs: number) =>
    withDeadline(options, (signal) => clock.sleep(delayMs, signal).then(() => "done"));
  return { clock, stop, wait };
}

t.test("work that is in time is not disturbed, and leaves no timer", async (t) => {
  const { clock, wait } = fixture();
  const work = wait(999);
  await clock.advance(999);
  t.equal(await work, "done");
  t.equal(clock.pendingTimers, 0);
});

t.test("work that takes too long is aborted with the reason", async (t) => {
  const { clock, wait } = fixture();
  const work = t.rejects(wait(1_001), /too slow/);
  await clock.advance(1_000);
  await work;
  t.equal(clock.pendingTimers, 0);
});

t.test("work can be ended earlier", async (t) => {
  const { clock, stop, wait } = fixture();
  const work = t.rejects(wait(500), /enough/);
  stop.abort(new Error("enough"));
  await work;
  t.equal(clock.pendingTimers, 0);
});

t.test("what the work throws comes through", async (t) => {
  const { clock, stop } = fixture();
  const options = { clock, lengthMs: 1, signal: stop.signal, reason: () => new Error("too slow") };
  await t.rejects(
    withDeadline(options, async () => {
      throw new Error("broken");
    }),
    /broken/,
  );
});
