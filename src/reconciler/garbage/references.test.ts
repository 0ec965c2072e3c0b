import t from "tap";
import { instance, WidgetKind } from "../../testing/widget.ts";
import { hasNewTies, isBlocking, isForegroundEnding, isOrphaning, withoutOwners } from "./references.ts";

const owner = (uid: string, blockOwnerDeletion?: boolean) => ({
  ...{ apiVersion: "v1", kind: "X", name: uid, uid },
  ...(blockOwnerDeletion === undefined ? {} : { blockOwnerDeletion }),
});
const widget = (metadata: Record<string, unknown> = {}) => instance(WidgetKind, "a", {}, metadata);
const ending = { deletionTimestamp: "2026-01-01T00:00:00Z" };

t.test("a finalizer means something once the object is being deleted", async (t) => {
  t.notOk(isForegroundEnding(widget({ finalizers: ["foregroundDeletion"] })));
  t.ok(isForegroundEnding(widget({ finalizers: ["foregroundDeletion"], ...ending })));
  t.notOk(isOrphaning(widget({ finalizers: ["orphan"] })));
  t.ok(isOrphaning(widget({ finalizers: ["a", "orphan"], ...ending })));
  t.notOk(isOrphaning(widget(ending)));
});

t.test("only who says so blocks, and only that owner", async (t) => {
  const object = widget({ ownerReferences: [owner("a", true), owner("b", false), owner("c")] });
  t.strictSame(
    ["a", "b", "c", "d"].map((uid) => isBlocking(object, uid)),
    [true, false, false, false],
  );
});

t.test("owners are taken off one by one", async (t) => {
  const object = widget({ ownerReferences: [owner("a"), owner("b"), owner("c")] });
  const left = withoutOwners(object, new Set(["a", "c"])).metadata.ownerReferences;
  t.strictSame(left, [owner("b")]);
  t.strictSame(withoutOwners(widget(), new Set(["a"])).metadata.ownerReferences, []);
});

t.test("a change is of interest when owners or the way of deletion change", async (t) => {
  const before = widget({ ownerReferences: [owner("a")], labels: { a: "1" } });
  const modified = (metadata: Record<string, unknown>) =>
    hasNewTies({ type: "modified", object: widget(metadata), previous: before });
  t.notOk(modified({ ownerReferences: [owner("a")], labels: { a: "2" } }));
  t.ok(modified({ ownerReferences: [owner("b")] }));
  t.ok(modified({ ownerReferences: [owner("a")], finalizers: ["orphan"], ...ending }));
  t.ok(modified({ ownerReferences: [owner("a")], finalizers: ["foregroundDeletion"], ...ending }));
  t.ok(hasNewTies({ type: "added", object: before }));
});
