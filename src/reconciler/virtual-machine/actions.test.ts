import t from "tap";
import { blocked } from "./actions.ts";

t.test("what is blocked does nothing and is looked at again after a while", async (t) => {
  const blockedBy = { reason: "Conflict", message: "not ours" } as const;
  t.same(blocked(blockedBy), { actions: [], blockedBy, requeueAfterMs: 30_000 });
});
