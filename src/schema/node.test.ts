import t from "tap";
import { nodeOf } from "../api/facade/node-of.ts";
import { hostObject } from "../testing/session-fixture.ts";
import { NodeKind } from "./node.ts";

t.test("its status is what kubectl calls it", async (t) => {
  const [status] = NodeKind.columns;
  const show = (ready: unknown, spec = {}) => status?.show?.(ready, nodeOf(hostObject("h1", spec)));
  t.equal(show("True"), "Ready");
  t.equal(show("Unknown"), "NotReady");
  t.equal(show(undefined), "NotReady");
  t.equal(show("True", { unschedulable: true }), "Ready,SchedulingDisabled");
});
