import type { Resource } from "../schema/meta.ts";
import { rejectsWith } from "./rejects-with.ts";
import type { StoreCases } from "./store-contract.ts";
import { withNamespace } from "./store-contract-write.ts";
import { GuardedKind, instance, WidgetKind, widget } from "./widget.ts";

const key = { namespace: "default", name: "a" };
const guarded = instance(GuardedKind, "a", {}, { namespace: "default" });

/** Deletion, finalizers and preconditions. */
export const storeDeleteCases: StoreCases = {
  "without finalizers an object is gone at once": async (t, bench) => {
    const { store } = await withNamespace(bench);
    await store.create(WidgetKind, widget("a"));
    t.equal(await store.delete(WidgetKind, key), undefined);
    t.equal(await store.get(WidgetKind, key), undefined);
    await rejectsWith(t, store.delete(WidgetKind, key), "NotFound", 'widgets.test.ostler.dev "a" not found');
  },

  "every new object has the finalizers of its kind, each once": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const finalizers = ["example.org/mine", "test.ostler.dev/guard"];
    const made = await store.create(GuardedKind, {
      ...guarded,
      metadata: { ...guarded.metadata, finalizers },
    });
    t.same(made.metadata.finalizers, finalizers);
    const other = await store.create(GuardedKind, {
      ...guarded,
      metadata: { ...guarded.metadata, name: "b" },
    });
    t.same(other.metadata.finalizers, ["test.ostler.dev/guard"]);
  },

  "with finalizers an object is marked, and gone when the last one is removed": async (t, bench) => {
    const { store, clock, log } = await withNamespace(bench);
    const created = await store.create(GuardedKind, guarded);
    await clock.advance(60_000);
    const marked = await store.delete(GuardedKind, key);
    t.match(marked?.metadata, {
      deletionTimestamp: "2026-01-01T00:01:00Z",
      deletionGracePeriodSeconds: 0,
      generation: 2,
      uid: created.metadata.uid ?? "",
    });
    await clock.advance(60_000);
    const revision = log.revision();
    t.equal(await store.delete(GuardedKind, key), marked, "deleting again changes nothing");
    t.equal(log.revision(), revision);

    const reported = await store.updateStatus(GuardedKind, { ...guarded, status: { leaving: true } });
    t.equal(reported.metadata.deletionTimestamp, marked?.metadata.deletionTimestamp);
    const { finalizers, ...plain } = reported.metadata;
    const kept: Resource = await store.update(GuardedKind, { ...reported, metadata: plain });
    t.same(kept.metadata.finalizers, finalizers, "a plain manifest removes none");
    const metadata = { ...reported.metadata, finalizers: [] };
    const last = await store.update(GuardedKind, { ...reported, metadata });
    t.equal(last.metadata.resourceVersion, String(log.revision()));
    t.equal(await store.get(GuardedKind, key), undefined);
  },

  "an object that is being deleted takes no new finalizers and cannot be brought back": async (t, bench) => {
    const { store } = await withNamespace(bench);
    await store.create(GuardedKind, guarded);
    const marked = await store.delete(GuardedKind, key);
    const withFinalizers = (finalizers: string[]) => ({
      ...guarded,
      metadata: { ...guarded.metadata, finalizers },
    });
    const more = withFinalizers(["test.ostler.dev/guard", "example.org/late"]);
    await rejectsWith(t, store.update(GuardedKind, more), "Invalid", /no new finalizers.*example.org\/late/);
    const kept = await store.update(GuardedKind, withFinalizers(["test.ostler.dev/guard"]));
    t.equal(kept.metadata.deletionTimestamp, marked?.metadata.deletionTimestamp);
  },

  "until an object is being deleted it keeps its kind's finalizers; its own may go": async (t, bench) => {
    const { store, log } = await withNamespace(bench);
    const [own, guard] = ["example.org/mine", "test.ostler.dev/guard"];
    const { metadata } = guarded;
    const made = await store.create(GuardedKind, {
      ...guarded,
      metadata: { ...metadata, finalizers: [own] },
    });
    t.same(made.metadata.finalizers, [own, guard]);
    const plain = await store.update(GuardedKind, guarded);
    t.same(plain.metadata.finalizers, [guard]);
    const revision = log.revision();
    const emptied = { ...guarded, metadata: { ...metadata, finalizers: [] } };
    t.equal(await store.update(GuardedKind, emptied), plain);
    t.equal(log.revision(), revision, "an update without them changes nothing");
    t.match(await store.delete(GuardedKind, key), { metadata: { finalizers: [guard] } });
    await store.update(GuardedKind, emptied);
    t.equal(await store.get(GuardedKind, key), undefined);
  },

  "preconditions on uid and revision are kept": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const { metadata } = await store.create(WidgetKind, widget("a"));
    const attempt = (preconditions: { uid?: string; resourceVersion?: string }) =>
      store.delete(WidgetKind, key, { preconditions });
    await rejectsWith(t, attempt({ uid: "another" }), "Conflict", /UID in precondition: another/);
    await rejectsWith(t, attempt({ resourceVersion: "1" }), "Conflict", /has been modified/);
    const { uid = "", resourceVersion = "" } = metadata;
    t.equal(await attempt({ uid, resourceVersion }), undefined);
  },

  "a delete and updates at the same time end in one order": async (t, bench) => {
    const { store } = await withNamespace(bench);
    await store.create(WidgetKind, widget("a"));
    const results = await Promise.allSettled([
      store.update(WidgetKind, widget("a", { size: 2 })),
      store.delete(WidgetKind, key),
      store.update(WidgetKind, widget("a", { size: 3 })),
    ]);
    t.equal(await store.get(WidgetKind, key), undefined);
    t.equal(results[1]?.status, "fulfilled");
    for (const result of results) {
      if (result.status === "rejected") t.match(result.reason, { reason: "NotFound" });
    }
  },
};
