import t from "tap";
import type { Decision } from "../../schema/decision.ts";
import { noteDecision } from "./decisions.ts";

const placed = (sequence: number): Decision => ({
  sequence,
  time: "2026-01-01T00:00:00Z",
  type: "Placed",
  policy: "Spread",
  hostName: "h1",
  message: "h1 is the best",
  hosts: 1,
  feasible: 1,
});
const refused = (sequence: number, message: string): Decision => ({
  ...placed(sequence),
  type: "Unschedulable",
  message,
});

t.test("the newest decision comes first, and the last five are kept", async (t) => {
  let status = {};
  for (let sequence = 1; sequence <= 7; sequence += 1) status = noteDecision(status, placed(sequence));
  t.match(status, { decisions: [7, 6, 5, 4, 3].map((sequence) => ({ sequence })) });
});

t.test("that a machine still fits nowhere, for the same reasons, is no news", async (t) => {
  const status = noteDecision({}, refused(1, "0 of 2 hosts: 2 cordoned"));
  t.equal(noteDecision(status, refused(2, "0 of 2 hosts: 2 cordoned")), status);
  t.match(noteDecision(status, refused(2, "0 of 2 hosts: 1 cordoned, 1 not ready")).decisions, { length: 2 });
  t.match(noteDecision(status, placed(3)).decisions, [{ type: "Placed" }, { type: "Unschedulable" }]);
});
