import t from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { aborted, onAbort, orAborted, pause, within } from "./abort.ts";

const never = new Promise<string>(() => {});

t.test("a pause ends when its time is over", async (t) => {
  const clock = new ManualClock();
  let over = false;
  const pausing = pause(clock, 10, new AbortController().signal).then(() => {
    over = true;
  });
  await clock.advance(9);
  t.notOk(over);
  await clock.advance(1);
  t.ok(over);
  await pausing;
});

t.test("a pause ends without an error when aborted", async (t) => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const pausing = pause(clock, 10, controller.signal);
  controller.abort();
  await pausing;
  await pause(clock, 10, controller.signal);
  t.equal(clock.pendingTimers, 0);
});

t.test(
  "a callback is called once at the abort, at once when that was before, never when called off",
  async (t) => {
    const calls: string[] = [];
    const controller = new AbortController();
    onAbort(controller.signal, () => calls.push("first"));
    const callOff = onAbort(controller.signal, () => calls.push("called off"));
    callOff();
    t.strictSame(calls, []);
    controller.abort();
    onAbort(controller.signal, () => calls.push("late"));
    t.strictSame(calls, ["first", "late"]);
  },
);

t.test("aborted resolves at the abort, also when that was before", async (t) => {
  const controller = new AbortController();
  const waiting = aborted(controller.signal);
  controller.abort();
  await waiting;
  await aborted(controller.signal);
  t.pass();
});

t.test("orAborted gives the promise's outcome or the reason of the abort, whichever is first", async (t) => {
  const controller = new AbortController();
  t.equal(await orAborted(Promise.resolve("done"), controller.signal), "done");
  await t.rejects(orAborted(Promise.reject(new Error("failed")), controller.signal), { message: "failed" });
  const waiting = orAborted(never, controller.signal);
  controller.abort(new Error("stop"));
  await t.rejects(waiting, { message: "stop" });
  await t.rejects(orAborted(Promise.resolve("late"), controller.signal), { message: "stop" });
  await t.rejects(orAborted(Promise.reject(new Error("late")), controller.signal), { message: "stop" });
});

t.test("within gives the promise's outcome, or undefined when that takes too long", async (t) => {
  const clock = new ManualClock();
  t.equal(await within(clock, 10, Promise.resolve("done")), "done");
  await t.rejects(within(clock, 10, Promise.reject(new Error("failed"))), { message: "failed" });
  t.equal(clock.pendingTimers, 0);
  const waiting = within(clock, 10, never);
  await clock.advance(10);
  t.equal(await waiting, undefined);
});
