import type { Resource } from "../schema/meta.ts";
import { manualEpochMs } from "./manual-clock.ts";
import { rejectsWith } from "./rejects-with.ts";
import type { StoreBench, StoreCases } from "./store-contract.ts";
import type { Widget } from "./widget.ts";
import { GuardedKind, instance, SpaceKind, WidgetKind, widget, ZoneKind } from "./widget.ts";

/** Creating and updating. */
export const storeWriteCases: StoreCases = {
  "a new object gets what only the store may give, and no status": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const created = await store.create(WidgetKind, {
      ...widget("a", { color: "red" }, { labels: { x: "y" }, uid: "mine", generation: 7 }),
      status: { ready: true },
    });
    const { uid, resourceVersion, ...metadata } = created.metadata;
    t.same(metadata, {
      name: "a",
      namespace: "default",
      labels: { x: "y" },
      generation: 1,
      creationTimestamp: "2026-01-01T00:00:00Z",
    });
    t.equal(manualEpochMs, Date.parse("2026-01-01T00:00:00Z"));
    t.match(uid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    t.match(resourceVersion, /^\d+$/);
    t.same(created.spec, { size: 1, color: "red" }, "with its defaults");
    t.notHas(created, { status: {} });
    t.equal(await store.get(WidgetKind, { namespace: "default", name: "a" }), created);
  },

  "a name is taken once, a uid never twice": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const first = await store.create(WidgetKind, widget("a"));
    const message = 'widgets.test.ostler.dev "a" already exists';
    await rejectsWith(t, store.create(WidgetKind, widget("a")), "AlreadyExists", message);
    await store.delete(WidgetKind, { namespace: "default", name: "a" });
    const second = await store.create(WidgetKind, widget("a"));
    t.not(second.metadata.uid, first.metadata.uid);
    t.ok(Number(second.metadata.resourceVersion) > Number(first.metadata.resourceVersion) + 1);
  },

  "kinds and namespaces have names of their own": async (t, bench) => {
    const { store } = await withNamespace(bench);
    await store.create(SpaceKind, instance(SpaceKind, "other"));
    await store.create(WidgetKind, widget("a"));
    await store.create(WidgetKind, widget("a", {}, { namespace: "other" }));
    await store.create(GuardedKind, instance(GuardedKind, "a", {}, { namespace: "default" }));
    await store.create(ZoneKind, instance(ZoneKind, "a"));
    t.equal((await store.list(WidgetKind)).items.length, 2);
    t.equal((await store.list(GuardedKind)).items.length, 1);
  },

  "whoever writes may have the last word on metadata, told what is and what would be": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const seen: (readonly [before: unknown, after: unknown])[] = [];
    const finish = (after: Resource, before: Resource | undefined): Resource => {
      seen.push([before?.metadata.generation, after.metadata.annotations]);
      return { ...after, metadata: { ...after.metadata, annotations: { seen: String(seen.length) } } };
    };
    const created = await store.create(WidgetKind, widget("a"), { finish });
    const updated = await store.update(WidgetKind, { ...created, spec: { color: "red" } }, { finish });
    const told = await store.updateStatus(WidgetKind, { ...updated, status: { ready: true } }, { finish });
    t.match(told.metadata, { generation: 2, annotations: { seen: "3" } });
    t.match(told, { spec: { size: 1, color: "red" }, status: { ready: true } });
    t.same(seen, [
      [undefined, undefined],
      [1, { seen: "1" }],
      [2, { seen: "2" }],
    ]);
    const unchanged = await store.update(WidgetKind, told, { finish: (_, before) => before ?? told });
    t.equal(unchanged.metadata.resourceVersion, told.metadata.resourceVersion);
    t.equal(
      (await store.create(WidgetKind, widget("b"), { finish, dryRun: true })).metadata.annotations?.seen,
      "4",
    );
  },

  "generateName makes a free name": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const make = () => store.create(WidgetKind, widget("", {}, { generateName: "pool-" }));
    const names = (await Promise.all([make(), make(), make()])).map(({ metadata }) => metadata.name);
    for (const name of names) t.match(name, /^pool-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    t.equal(new Set(names).size, 3);
  },

  "objects that have no place are refused": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const refused: Record<string, Promise<unknown>> = {
      "no name": store.create(WidgetKind, widget("")),
      "no namespace": store.create(WidgetKind, instance(WidgetKind, "a")),
      "a namespace where there is none": store.create(
        ZoneKind,
        instance(ZoneKind, "a", {}, { namespace: "b" }),
      ),
      "another kind": store.create(ZoneKind, instance(WidgetKind, "a")),
      "a slash": store.create(WidgetKind, widget("a/b")),
      "a revision": store.create(WidgetKind, widget("a", {}, { resourceVersion: "1" })),
    };
    for (const promise of Object.values(refused)) {
      await rejectsWith(t, promise, "BadRequest", /cannot be accepted/);
    }
    await rejectsWith(t, store.create(WidgetKind, widget("a", { broken: true })), "Invalid");
    t.equal((await store.list(WidgetKind)).items.length, 0);
  },

  "nothing is made in a namespace that is missing or being deleted": async (t, { store }) => {
    const missing = 'namespaces "default" not found';
    await rejectsWith(t, store.create(WidgetKind, widget("a")), "NotFound", missing);
    await store.create(SpaceKind, instance(SpaceKind, "default"));
    const made = await store.create(WidgetKind, widget("a"));
    await store.delete(SpaceKind, { name: "default" });
    const ending = /"b" is forbidden: unable to create new content in namespace default because it is being/;
    await rejectsWith(t, store.create(WidgetKind, widget("b")), "Forbidden", ending);
    await store.update(WidgetKind, { ...made, spec: { size: 2 } });
  },

  "an update replaces all but status and what is fixed at birth": async (t, bench) => {
    const { store, clock } = await withNamespace(bench);
    const created = await store.create(
      WidgetKind,
      widget("a", { color: "red" }, { annotations: { a: "1" } }),
    );
    await store.updateStatus(WidgetKind, { ...created, status: { ready: true } });
    await clock.advance(5000);
    const updated = await store.update(WidgetKind, {
      ...widget("a", { size: 2 }, { labels: { x: "y" }, creationTimestamp: "2001-01-01T00:00:00Z" }),
      status: { ready: false },
    });
    t.same(updated.spec, { size: 2 });
    t.same(updated.status, { ready: true });
    const { annotations, ...kept } = created.metadata;
    const { resourceVersion } = updated.metadata;
    t.same(updated.metadata, { ...kept, labels: { x: "y" }, generation: 2, resourceVersion });
  },

  "generation counts changes of what is desired, nothing else": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const created = await store.create(WidgetKind, widget("a"));
    const labelled = await store.update(WidgetKind, widget("a", {}, { labels: { x: "y" } }));
    t.equal(labelled.metadata.generation, 1);
    const reported = await store.updateStatus(WidgetKind, {
      ...created,
      ...fresh(labelled),
      status: { n: 1 },
    });
    t.equal(reported.metadata.generation, 1);
    t.same(reported.metadata.labels, { x: "y" });
    const changed = await store.update(WidgetKind, widget("a", { size: 2 }));
    t.equal(changed.metadata.generation, 2);
    t.same(changed.status, { n: 1 });
    const zone = await store.create(ZoneKind, { ...instance(ZoneKind, "z"), status: { n: 1 } });
    t.same(zone.status, { n: 1 }, "status is an ordinary field of a kind that has none of its own");
    const other = await store.update(ZoneKind, { ...instance(ZoneKind, "z"), status: { n: 2 } });
    t.equal(other.metadata.generation, 2);
  },

  "a write that changes nothing writes nothing": async (t, bench) => {
    const { store, log } = await withNamespace(bench);
    const created = await store.create(
      WidgetKind,
      widget("a", { b: { c: 1, d: [1, 2] } }, { labels: { x: "y" } }),
    );
    const revision = log.revision();
    const reordered = { ...widget("a", { b: { d: [1, 2], c: 1 } }), metadata: created.metadata };
    t.equal(await store.update(WidgetKind, reordered), created);
    t.equal(await store.update(WidgetKind, widget("a", created.spec, { labels: { x: "y" } })), created);
    t.equal(await store.updateStatus(WidgetKind, created), created);
    t.equal(log.revision(), revision);
    const swapped = await store.update(WidgetKind, widget("a", { b: { c: 1, d: [2, 1] } }));
    t.equal(swapped.metadata.generation, 2, "but order in lists matters");
  },

  "a status update changes the status only": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const created = await store.create(WidgetKind, widget("a"));
    const changed = { ...widget("a", { size: 9 }, { labels: { x: "y" } }), status: { ready: true } };
    const reported = await store.updateStatus(WidgetKind, changed);
    t.same(reported.spec, created.spec);
    t.equal(reported.metadata.labels, undefined);
    t.same(reported.status, { ready: true });
    const cleared = await store.updateStatus(WidgetKind, widget("a"));
    t.notHas(cleared, { status: {} });
    await store.create(ZoneKind, instance(ZoneKind, "z"));
    await rejectsWith(t, store.updateStatus(ZoneKind, instance(ZoneKind, "z")), "MethodNotAllowed");
  },

  "an update based on an older state is refused; one that is based on none is applied to the newest": async (
    t,
    bench,
  ) => {
    const { store } = await withNamespace(bench);
    const created = await store.create(WidgetKind, widget("a"));
    await store.update(WidgetKind, { ...created, spec: { size: 2 } });
    const stale = { ...created, spec: { size: 3 } };
    const message =
      'Operation cannot be fulfilled on widgets.test.ostler.dev "a": the object has been modified; ' +
      "please apply your changes to the latest version and try again";
    await rejectsWith(t, store.update(WidgetKind, stale), "Conflict", message);
    await rejectsWith(t, store.updateStatus(WidgetKind, { ...stale, status: { a: 1 } }), "Conflict", message);
    await rejectsWith(t, store.update(WidgetKind, widget("a", {}, { uid: "another" })), "Conflict", /UID/);
    const missing = 'widgets.test.ostler.dev "b" not found';
    await rejectsWith(t, store.update(WidgetKind, widget("b")), "NotFound", missing);
    await rejectsWith(t, store.updateStatus(WidgetKind, widget("b")), "NotFound", missing);
    await rejectsWith(t, store.update(WidgetKind, widget("a", { broken: 1 })), "Invalid");
    t.same((await store.update(WidgetKind, widget("a", { size: 4 }))).spec, { size: 4 });
  },

  "of many updates of one state, one wins; of many without a state, none is lost": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const created = await store.create(WidgetKind, widget("a"));
    const based = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => store.update(WidgetKind, { ...created, spec: { size: i + 2 } })),
    );
    t.equal(based.filter(({ status }) => status === "fulfilled").length, 1);
    const writes = Array.from({ length: 20 }, (_, i) => [
      store.update(WidgetKind, widget("a", { size: 100 + i })),
      store.updateStatus(WidgetKind, { ...widget("a"), status: { n: i } }),
    ]);
    const results = await Promise.all(writes.flat());
    const revisions = results.map(({ metadata }) => metadata.resourceVersion);
    t.equal(new Set(revisions).size, 40);
    const last = await store.get(WidgetKind, { namespace: "default", name: "a" });
    t.match(last, { metadata: { generation: 22 } });
  },

  "rules about what may change see both states": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const kind = {
      ...WidgetKind,
      checkUpdate: (before: Widget, after: Widget) =>
        before.spec?.size === after.spec?.size ? [] : [{ field: "spec.size", message: "field is immutable" }],
    };
    await store.create(kind, widget("a"));
    await rejectsWith(
      t,
      store.update(kind, widget("a", { size: 2 })),
      "Invalid",
      /spec.size: field is immutable/,
    );
    await store.update(kind, widget("a", { color: "red" }));
  },

  "a dry run decides and answers as if": async (t, bench) => {
    const { store, log } = await withNamespace(bench);
    const dryRun = { dryRun: true };
    const tried = await store.create(WidgetKind, widget("a"), dryRun);
    t.same(tried.spec, { size: 1 });
    t.equal(tried.metadata.resourceVersion, undefined);
    const created = await store.create(GuardedKind, instance(GuardedKind, "g", {}, { namespace: "default" }));
    const revision = log.revision();
    const updated = await store.update(GuardedKind, { ...created, spec: { size: 2 } }, dryRun);
    t.match(updated, { spec: { size: 2 }, metadata: { resourceVersion: created.metadata.resourceVersion } });
    const taken = store.create(GuardedKind, instance(GuardedKind, "g", {}, { namespace: "default" }), dryRun);
    await rejectsWith(t, taken, "AlreadyExists");
    const deleted = await store.delete(GuardedKind, { namespace: "default", name: "g" }, dryRun);
    t.match(deleted, { metadata: { deletionTimestamp: String } });
    t.equal(log.revision(), revision);
    t.equal(await store.get(GuardedKind, { namespace: "default", name: "g" }), created);
  },
};

/** The bench with namespace `default`. */
export async function withNamespace(bench: StoreBench): Promise<StoreBench> {
  await bench.store.create(SpaceKind, instance(SpaceKind, "default"));
  return bench;
}

/** The metadata of the newest state, to base a write on. */
function fresh({ metadata }: Widget): Pick<Widget, "metadata"> {
  return { metadata };
}
