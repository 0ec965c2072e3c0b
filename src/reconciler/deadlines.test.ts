import t from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { Deadlines } from "./deadlines.ts";

function setUp() {
  const clock = new ManualClock();
  const deadlines = new Deadlines({ clock, lengthMs: 100, reason: () => new Error("too long") });
  return { clock, deadlines };
}

t.test("work that takes too long is aborted, each piece at its own time", async (t) => {
  const { clock, deadlines } = setUp();
  const first = deadlines.begin();
  await clock.advance(40);
  const second = deadlines.begin();
  await clock.advance(59);
  t.notOk(first.signal.aborted);
  await clock.advance(1);
  t.ok(first.signal.aborted);
  t.match(first.signal.reason, { message: "too long" });
  t.notOk(second.signal.aborted);
  await clock.advance(40);
  t.ok(second.signal.aborted);
  t.equal(clock.pendingTimers, 0);
});

t.test("work that has ended is left alone, and all share one timer", async (t) => {
  const { clock, deadlines } = setUp();
  const pieces = Array.from({ length: 50 }, () => deadlines.begin());
  t.equal(clock.pendingTimers, 1);
  for (const piece of pieces) deadlines.end(piece);
  await clock.advance(1000);
  t.ok(pieces.every((piece) => !piece.signal.aborted));
  t.equal(clock.pendingTimers, 0);
});

t.test("all work can be aborted at once, which leaves no timer", async (t) => {
  const { clock, deadlines } = setUp();
  const pieces = [deadlines.begin(), deadlines.begin()];
  deadlines.abortAll(new Error("shutting down"));
  t.ok(pieces.every((piece) => piece.signal.reason.message === "shutting down"));
  t.equal(clock.pendingTimers, 0);
});
