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
