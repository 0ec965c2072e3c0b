import t from "tap";
import { foregroundFinalizer, orphanFinalizer, type Resource } from "../schema/meta.ts";
import { type Widget, WidgetKind, widget } from "../testing/widget.ts";
import { type Deletion, prepareDelete } from "./prepare-delete.ts";

const now = Date.parse("2026-05-01T10:00:00Z");
const deletionTimestamp = "2026-05-01T10:00:00Z";
const LingeringKind = { ...WidgetKind, gracePeriodSeconds: ({ spec }: Widget) => Number(spec?.grace ?? 30) };

function stored(metadata: Partial<Resource["metadata"]> = {}): Widget {
  return widget("a", {}, { uid: "u", generation: 3, ...metadata });
}

/** What the deletion comes to: its finalizers and its grace period, where it does not end at once. */
function outcome(before: Widget, deletion: Partial<Deletion> = {}, kind = WidgetKind) {
  const change = prepareDelete(kind, before, { now, ...deletion });
  if (change.type !== "put") return change.type;
  const { finalizers, deletionGracePeriodSeconds } = change.resource.metadata;
  return [finalizers, deletionGracePeriodSeconds];
}

t.test("deletion ends, marks once, then waits", async (t) => {
  t.equal(outcome(stored()), "remove");
  t.match(prepareDelete(WidgetKind, stored({ finalizers: ["f"] }), { now }), {
    type: "put",
    resource: { metadata: { deletionTimestamp, generation: 4, finalizers: ["f"] } },
  });
  t.equal(outcome(stored({ finalizers: ["f"], deletionTimestamp })), "none");
});

const both = [foregroundFinalizer, orphanFinalizer];

const cases: readonly (readonly [string, string[], Deletion["propagation"], unknown])[] = [
  ["in the background nothing is added", ["f"], "Background", [["f"], 0]],
  ["in the background what was asked for before is taken back", both, "Background", "remove"],
  ["in the foreground it waits for its dependents", [], "Foreground", [[foregroundFinalizer], 0]],
  ["orphaning waits until they name it no more", ["f"], "Orphan", [["f", orphanFinalizer], 0]],
  ["one policy replaces another", [orphanFinalizer], "Foreground", [[foregroundFinalizer], 0]],
  ["what the object itself asks for holds", [orphanFinalizer], undefined, [[orphanFinalizer], 0]],
  ["nothing is asked for", [], undefined, "remove"],
];

for (const [what, finalizers, propagation, expected] of cases) {
  t.test(what, async (t) => t.strictSame(outcome(stored({ finalizers }), { propagation }), expected));
}

t.test("of what is being deleted the policy can still be changed", async (t) => {
  const ending = stored({ finalizers: [foregroundFinalizer], deletionTimestamp });
  t.equal(outcome(ending, { propagation: "Foreground" }), "none");
  t.strictSame(outcome(ending, { propagation: "Orphan" }), [[orphanFinalizer], 0]);
  t.equal(outcome(ending, { propagation: "Background" }), "remove");
  const change = prepareDelete(WidgetKind, ending, { now: now + 5_000, propagation: "Orphan" });
  t.match(change, { resource: { metadata: { deletionTimestamp, generation: 3 } } });
});

t.test("who takes its time is given its own, or what is asked for", async (t) => {
  const before = stored({ finalizers: ["f"] });
  const grace = (gracePeriodSeconds?: number) => outcome(before, { gracePeriodSeconds }, LingeringKind);
  t.strictSame(grace(), [["f"], 30]);
  t.strictSame(grace(300), [["f"], 300]);
  t.strictSame(grace(0), [["f"], 0]);
  t.strictSame(grace(-5), [["f"], 1]);
  t.strictSame(outcome(before, { gracePeriodSeconds: 300 }), [["f"], 0]);
});

t.test("the time can be made shorter, never longer", async (t) => {
  const ending = stored({ finalizers: ["f"], deletionTimestamp, deletionGracePeriodSeconds: 30 });
  const again = (gracePeriodSeconds?: number) => outcome(ending, { gracePeriodSeconds }, LingeringKind);
  t.equal(again(), "none");
  t.equal(again(60), "none");
  t.strictSame(again(5), [["f"], 5]);
});

t.test("the object itself is not changed", async (t) => {
  const before = stored({ finalizers: ["f"] });
  const copy = structuredClone(before);
  prepareDelete(WidgetKind, before, { now, propagation: "Orphan" });
  t.strictSame(before, copy);
});
