import t from "tap";
import { StatusError } from "../runtime/errors.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { UnansweredCalls } from "./unanswered-calls.ts";

const unknown = new StatusError("OutcomeUnknown", "no answer");

t.test("a call without an answer may be carried out for a minute more", async (t) => {
  const clock = new ManualClock();
  const calls = new UnansweredCalls(clock);
  t.equal(calls.waitMs("a"), 0);
  calls.note("a", unknown);
  t.equal(calls.waitMs("a"), 60_000);
  t.equal(calls.waitMs("b"), 0);
  await clock.advance(45_000);
  t.equal(calls.waitMs("a"), 15_000);
  calls.note("b", unknown);
  await clock.advance(15_000);
  t.equal(calls.waitMs("a"), 0);
  t.equal(calls.waitMs("b"), 45_000);
});

t.test(
  "the rest of a millisecond is waited for whole: a shorter wait would end before it has begun",
  async (t) => {
    const clock = new ManualClock();
    const calls = new UnansweredCalls(clock);
    calls.note("a", unknown);
    await clock.advance(59_999.999_999);
    t.equal(calls.waitMs("a"), 1);
  },
);

t.test("a call that was refused leaves no doubt", async (t) => {
  const calls = new UnansweredCalls(new ManualClock());
  calls.note("a", new StatusError("OperationInvalid", "no"));
  t.equal(calls.waitMs("a"), 0);
});
