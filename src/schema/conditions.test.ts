import t from "tap";
import {
  findCondition,
  isTrue,
  noneAhead,
  type Progress,
  removeCondition,
  setCondition,
  setProgress,
} from "./conditions.ts";
import type { Condition } from "./meta.ts";

const ready: Condition = {
  type: "Ready",
  status: "False",
  reason: "Starting",
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
  observedGeneration: 1,
};
const later = "2026-01-02T00:00:00Z";

t.test("a condition that says the same leaves the very same list", async (t) => {
  const { lastTransitionTime, ...same } = ready;
  const list = [ready];
  t.equal(setCondition(list, same, later), list);
});

t.test("the transition time moves with the status only", async (t) => {
  t.strictSame(setCondition([ready], { ...ready, reason: "Waiting" }, later), [
    { ...ready, reason: "Waiting" },
  ]);
  t.strictSame(setCondition([ready], { ...ready, status: "True" }, later), [
    { ...ready, status: "True", lastTransitionTime: later },
  ]);
});

t.test("a new condition goes to the end, others stay", async (t) => {
  const stalled = { type: "Stalled", status: "True", reason: "X", message: "" } as const;
  t.strictSame(setCondition([ready], stalled, later), [ready, { ...stalled, lastTransitionTime: later }]);
});

t.test("a transition that lies ahead, because the clock was set back, counts from now", async (t) => {
  const ahead = { ...ready, type: "Scheduled", lastTransitionTime: "2026-01-02T00:00:01Z" };
  const anew = noneAhead([ready, ahead], later);
  t.strictSame(anew, [ready, { ...ahead, lastTransitionTime: later }]);
  t.equal(noneAhead(anew, later), anew, "where none is ahead the list stays the same");
});

t.test("removing what is not there leaves the very same list", async (t) => {
  const list = [ready];
  t.equal(removeCondition(list, "Stalled"), list);
  t.strictSame(removeCondition(list, "Ready"), []);
});

t.test("an absent condition is not true", async (t) => {
  t.notOk(isTrue(undefined, "Ready"));
  t.notOk(isTrue([ready], "Ready"));
  t.ok(isTrue([{ ...ready, status: "True" }], "Ready"));
  t.equal(findCondition([ready], "Stalled"), undefined);
});

t.test("how far a controller has come is told in the words that waiting tools read", async (t) => {
  const stamp = { observedGeneration: 2, time: "2026-01-01T00:00:00Z" };
  const said = { reason: "Why", message: "because" };
  const typesAfter = (progress: Progress, before: readonly Condition[] = []) =>
    setProgress(before, progress, stamp).map(({ type, status }) => `${type}=${status}`);
  t.strictSame(typesAfter({ ready: "True", ...said }), ["Ready=True"]);
  const busy = setProgress([], { ready: "False", now: "Reconciling", ...said }, stamp);
  t.match(busy, [
    { type: "Ready", status: "False", observedGeneration: 2 },
    { type: "Reconciling", status: "True", reason: "Why", message: "because" },
  ]);
  t.strictSame(typesAfter({ ready: "False", now: "Stalled", ...said }, busy), [
    "Ready=False",
    "Stalled=True",
  ]);
  t.strictSame(typesAfter({ ready: "True", ...said }, busy), ["Ready=True"]);
  t.equal(setProgress(busy, { ready: "False", now: "Reconciling", ...said }, stamp), busy);
});
