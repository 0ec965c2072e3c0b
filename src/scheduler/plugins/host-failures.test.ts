import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { pointsOf, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { hostFailures } from "./host-failures.ts";

t.test("each recent failure makes a host worse", async (t) => {
  const snapshot = snapshotOf([
    hostState(),
    hostState({ name: "h2", failures: 1 }),
    hostState({ name: "h3", failures: 3 }),
  ]);
  t.strictSame(pointsOf(hostFailures, request(1), snapshot), { h1: 100, h2: 50, h3: 25 });
  snapshot.setHost(hostState({ name: "h2" }));
  snapshot.removeHost("h3");
  t.strictSame(pointsOf(hostFailures, request(1), snapshot), {}, "nothing to ask when none has failed");
});
