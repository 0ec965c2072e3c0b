import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { refusals, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { acceleratorKnown } from "./accelerator-known.ts";

t.test("a host of which it is not known what it starts machines with takes none", async (t) => {
  const snapshot = snapshotOf([hostState(), hostState({ name: "h2", acceleratorKnown: false })]);
  t.strictSame(refusals(acceleratorKnown, request(1), snapshot), { h2: "with no known accelerator yet" });
});
