import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { refusals, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { hostUnschedulable } from "./host-unschedulable.ts";

t.test("a cordoned host takes no machine", async (t) => {
  const snapshot = snapshotOf([hostState(), hostState({ name: "h2", unschedulable: true })]);
  t.strictSame(refusals(hostUnschedulable, request(1), snapshot), { h2: "cordoned" });
  snapshot.removeHost("h2");
  t.equal(hostUnschedulable.prepare(request(1), snapshot), undefined, "nothing to ask when none is");
});
