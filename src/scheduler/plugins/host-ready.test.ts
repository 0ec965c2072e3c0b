import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { refusals, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { hostReady } from "./host-ready.ts";

t.test("only hosts that answer are taken", async (t) => {
  const snapshot = snapshotOf([hostState({ name: "h1" }), hostState({ name: "h2", ready: false })]);
  t.strictSame(refusals(hostReady, request(1), snapshot), { h2: "not ready" });
  snapshot.setHost(hostState({ name: "h2" }));
  t.equal(hostReady.prepare(request(1), snapshot), undefined, "nothing to ask when all answer");
});
