import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import type { Action } from "./actions.ts";
import { UnansweredSteps } from "./unanswered.ts";

const spec = { volume: "v", capacityBytes: 1 };
const action: Action = { type: "EnsureVolume", spec, because: "it is missing" };
const removal: Action = { type: "DeleteVolume", volume: "v", because: "it is not wanted" };
const unknown = { done: [], failed: { action, error: new StatusError("OutcomeUnknown", "no answer") } };
const refused = { done: [], failed: { action, error: new StatusError("OperationInvalid", "no") } };

t.test("a step without an answer may be carried out for a minute more", async (t) => {
  const clock = new ManualClock();
  const steps = new UnansweredSteps(clock);
  t.equal(steps.waitMs("a"), 0);
  steps.note("a", unknown);
  t.equal(steps.waitMs("a"), 60_000);
  t.equal(steps.waitMs("b"), 0);
  await clock.advance(45_000);
  t.equal(steps.waitMs("a"), 15_000);
  steps.note("b", unknown);
  await clock.advance(15_000);
  t.equal(steps.waitMs("a"), 0);
  t.equal(steps.waitMs("b"), 45_000);
});

t.test("a step that was refused or done, or only removes, leaves no doubt", async (t) => {
  const steps = new UnansweredSteps(new ManualClock());
  steps.note("a", refused);
  steps.note("a", { done: [action] });
  steps.note("a", { done: [], failed: { ...unknown.failed, action: removal } });
  t.equal(steps.waitMs("a"), 0);
});
