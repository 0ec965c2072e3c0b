import t from "tap";
import type { Decision } from "../../schema/decision.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { DecisionNumbers } from "./decision-numbers.ts";

const decision = (sequence: number, changes: Partial<Decision>): Decision => ({
  sequence,
  time: "2026-01-01T00:00:00Z",
  type: "Placed",
  policy: "Spread",
  message: "",
  hosts: 1,
  feasible: 1,
  ...changes,
});

t.test("numbers go on from the highest that was given before", async (t) => {
  const numbers = new DecisionNumbers(new ManualClock());
  t.equal(numbers.next(), 1);
  numbers.resume([decision(7, { type: "Unschedulable" }), decision(5, {})]);
  t.equal(numbers.head().sequence, 8);
  t.equal(numbers.next(), 9);
});

t.test("the host of the newest placement before is told once", async (t) => {
  const numbers = new DecisionNumbers(new ManualClock());
  t.equal(numbers.takeLastHost(), undefined);
  numbers.resume([decision(5, { hostName: "h2" }), decision(4, { hostName: "h1" })]);
  numbers.resume([decision(9, { type: "Unschedulable", hostName: "h3" })]);
  t.equal(numbers.takeLastHost(), "h2");
  t.equal(numbers.takeLastHost(), undefined);
});
