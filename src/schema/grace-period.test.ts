import t from "tap";
import { machine } from "../testing/machine-fixture.ts";
import { graceSecondsOf, ownGraceSeconds } from "./grace-period.ts";

t.test("a machine has its own time until who deletes it gives it another", async (t) => {
  const grace = (metadata: Record<string, unknown>) =>
    graceSecondsOf(machine({ terminationGracePeriodSeconds: 20 }, {}, metadata));
  const deletionTimestamp = "2026-01-01T00:00:00Z";
  t.equal(ownGraceSeconds(machine({ terminationGracePeriodSeconds: 20 })), 20);
  t.equal(grace({}), 20);
  t.equal(grace({ deletionGracePeriodSeconds: 5 }), 20);
  t.equal(grace({ deletionTimestamp }), 20);
  t.equal(grace({ deletionTimestamp, deletionGracePeriodSeconds: 5 }), 5);
  t.equal(grace({ deletionTimestamp, deletionGracePeriodSeconds: 0 }), 0);
});

t.test("who asks for a stop or a restart may leave it less time, and who deletes it decides", async (t) => {
  const asked = { requestedBy: "ann", requestedAt: "2026-01-01T00:00:00Z", gracePeriodSeconds: 1 };
  const stop = { runOverride: { action: "Stop" as const, runStrategy: "Always", ...asked } };
  const spec = { runStrategy: "Always", terminationGracePeriodSeconds: 20 };
  t.equal(graceSecondsOf(machine(spec, stop)), 1);
  t.equal(graceSecondsOf(machine(spec, { restartRequest: asked })), 1);
  t.equal(graceSecondsOf(machine({ ...spec, runStrategy: "Halted" }, stop)), 20, "the override has ended");
  const { gracePeriodSeconds: _none, ...patient } = asked;
  const both = { ...stop, restartRequest: patient };
  t.equal(graceSecondsOf(machine(spec, both)), 1, "a stop counts before a restart");
  const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 7 };
  t.equal(graceSecondsOf(machine(spec, stop, deleted)), 7);
});
