import t from "tap";
import { blocked, isAtRest } from "./actions.ts";

t.test("what is blocked does nothing and is looked at again after a while", async (t) => {
  const blockedBy = { reason: "Conflict", message: "not ours" } as const;
  t.same(blocked(blockedBy), { actions: [], blockedBy, requeueAfterMs: 30_000 });
});

t.test("a plan is at rest with nothing to do and nothing to wait for", async (t) => {
  t.ok(isAtRest({ actions: [] }));
  t.notOk(isAtRest(blocked({ reason: "Conflict", message: "not ours" })));
  t.notOk(isAtRest({ actions: [{ type: "DeleteVolume", volume: "v", because: "" }] }));
});
