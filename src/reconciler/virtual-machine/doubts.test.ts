import t from "tap";
import { clusterId, machine, uid } from "../../testing/machine-fixture.ts";
import { sessionFixture } from "../../testing/session-fixture.ts";
import type { Action } from "./actions.ts";
import { markOf } from "./desired.ts";
import { noteDoubts } from "./doubts.ts";

const mark = markOf(machine(), clusterId);
const start: Action = { type: "StartDomain", mark, because: "it should run" };
const make: Action = { type: "EnsureVolume", spec: { volume: "v", capacityBytes: 7 }, because: "needed" };
const remove: Action = { type: "DeleteVolume", volume: "v", because: "gone" };

t.test("what was done to a domain puts it in doubt, whether it succeeded or not", async (t) => {
  const { ensure, stop } = await sessionFixture();
  const session = await ensure();
  noteDoubts(session, uid, { done: [make] });
  t.notOk(session.isDoubted(uid), "a volume is not the domain");
  noteDoubts(session, uid, { done: [], failed: { action: start, error: new Error("?") } });
  t.ok(session.isDoubted(uid));
  await stop();
});

t.test("volumes that were made or removed are known to be", async (t) => {
  const { ensure, stop } = await sessionFixture();
  const session = await ensure();
  noteDoubts(session, uid, { done: [make] });
  t.same(session.volumes.get("v"), { name: "v", capacityBytes: 7 });
  noteDoubts(session, uid, { done: [remove] });
  t.notOk(session.volumes.has("v"));
  await stop();
});
