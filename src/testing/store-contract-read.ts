import { StatusError } from "../runtime/errors.ts";
import type { Resource } from "../schema/meta.ts";
import { rejectsWith } from "./rejects-with.ts";
import type { StoreCases } from "./store-contract.ts";
import { withNamespace } from "./store-contract-write.ts";
import { GuardedKind, instance, SpaceKind, WidgetKind, widget, ZoneKind } from "./widget.ts";

/** Reading, paging and restarts. */
export const storeReadCases: StoreCases = {
  "a list holds one kind, of all namespaces or one, in order": async (t, bench) => {
    const { store, log } = await withNamespace(bench);
    await store.create(SpaceKind, instance(SpaceKind, "alpha"));
    for (const name of ["b", "a", "c"]) await store.create(WidgetKind, widget(name));
    await store.create(WidgetKind, widget("z", {}, { namespace: "alpha" }));
    await store.create(GuardedKind, instance(GuardedKind, "a", {}, { namespace: "default" }));
    const all = await store.list(WidgetKind);
    t.same(namesOf(all.items), ["alpha/z", "default/a", "default/b", "default/c"]);
    t.equal(all.resourceVersion, String(log.revision()));
    t.equal(all.continue, undefined);
    t.same(namesOf((await store.list(WidgetKind, { namespace: "alpha" })).items), ["alpha/z"]);
    t.same((await store.list(WidgetKind, { namespace: "none" })).items, []);
    await rejectsWith(t, store.list(ZoneKind, { namespace: "alpha" }), "BadRequest");
    await rejectsWith(t, store.get(WidgetKind, { name: "a" }), "BadRequest");
  },

  "pages are of one revision, whatever is written meanwhile": async (t, bench) => {
    const { store, log } = await withNamespace(bench);
    for (let i = 10; i < 35; i += 1) await store.create(WidgetKind, widget(`w${i}`));
    const whole = await store.list(WidgetKind);
    let page = await store.list(WidgetKind, { limit: 7 });
    const items = [...page.items];
    let pages = 1;
    while (page.continue !== undefined) {
      await store.create(WidgetKind, widget(`x${pages}`));
      await store.delete(WidgetKind, { namespace: "default", name: `w${30 + pages}` });
      page = await store.list(WidgetKind, { limit: 7, continue: page.continue });
      t.equal(page.resourceVersion, whole.resourceVersion);
      items.push(...page.items);
      pages += 1;
      t.equal(page.remaining, page.continue === undefined ? undefined : whole.items.length - items.length);
    }
    t.equal(pages, 4);
    t.same(items, whole.items);
    t.same((await store.list(WidgetKind, { resourceVersion: whole.resourceVersion })).items, whole.items);
    t.equal((await store.list(WidgetKind, { limit: 25 })).continue, undefined);
    const future = String(log.revision() + 1);
    await rejectsWith(t, store.list(WidgetKind, { resourceVersion: future }), "Expired");
    await rejectsWith(t, store.list(WidgetKind, { resourceVersion: "x" }), "BadRequest");
  },

  "a page of what matches is filled, and the last one says that it is the last": async (t, bench) => {
    const { store } = await withNamespace(bench);
    for (let i = 10; i < 30; i += 1) await store.create(WidgetKind, widget(`w${i}`));
    const matches = ({ metadata }: Resource): boolean => metadata.name.endsWith("5") || metadata.name > "w28";
    const first = await store.list(WidgetKind, { limit: 2, matches });
    t.same(namesOf(first.items), ["default/w15", "default/w25"]);
    t.equal(first.remaining, undefined);
    const second = await store.list(WidgetKind, { limit: 2, matches, continue: first.continue });
    t.same(namesOf(second.items), ["default/w29"]);
    t.equal(second.continue, undefined);
    t.equal((await store.list(WidgetKind, { limit: 3, matches })).continue, undefined);
  },

  "a page whose revision was compacted away has expired; one that makes no sense is refused": async (
    t,
    bench,
  ) => {
    const { store, log } = await withNamespace(bench);
    for (const name of ["a", "b", "c"]) await store.create(WidgetKind, widget(name));
    const page = await store.list(WidgetKind, { limit: 1 });
    await store.create(WidgetKind, widget("d"));
    await log.compact(log.revision());
    const expired = store.list(WidgetKind, { limit: 1, continue: page.continue });
    await rejectsWith(t, expired, "Expired");
    const thrown: unknown = await expired.catch((error: unknown) => error);
    const fresh = thrown instanceof StatusError ? thrown.continue : "";
    const rest = await store.list(WidgetKind, { continue: fresh });
    t.same(namesOf(rest.items), ["default/b", "default/c", "default/d"], "the rest as it is now");
    t.equal(rest.resourceVersion, String(log.revision()));
    await rejectsWith(t, store.list(WidgetKind, { continue: "garbage" }), "BadRequest");
    await rejectsWith(t, store.list(GuardedKind, { continue: page.continue }), "BadRequest");
  },

  "the text of an object is its JSON": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const odd = { text: 'quoted "metadata":{ here', emoji: "\u{1F40E}", metadata: { name: "inner" } };
    const created = await store.create(
      WidgetKind,
      widget("a", odd, { annotations: { '"metadata":{': "x" } }),
    );
    t.same(JSON.parse(store.encoded(created)), created);
    const updated = await store.update(WidgetKind, { ...created, spec: { size: 2 } });
    t.same(JSON.parse(store.encoded(updated)), updated);
    t.same(JSON.parse(store.encoded(created)), created, "of older states too");
    const copy = { ...updated, spec: { size: 3 } };
    t.same(JSON.parse(store.encoded(copy)), copy, "and of objects that are not from the store");
  },

  "objects, revisions and watches survive a restart": async (t, bench) => {
    if (bench.reopen === undefined) return void t.pass("keeps nothing");
    const { store, log } = await withNamespace(bench);
    const created = await store.create(WidgetKind, widget("a", { emoji: "\u{1F40E}" }));
    await store.updateStatus(WidgetKind, { ...created, status: { ready: true } });
    await store.create(WidgetKind, widget("b"));
    await store.delete(WidgetKind, { namespace: "default", name: "b" });
    const before = await store.list(WidgetKind);
    const revision = log.revision();
    const next = await bench.reopen();
    const after = await next.store.list(WidgetKind);
    t.same(after, before);
    t.same(JSON.parse(next.store.encoded(after.items[0] ?? created)), after.items[0]);
    const more = await next.store.create(WidgetKind, widget("c"));
    t.equal(more.metadata.resourceVersion, String(revision + 1));
  },

  "after a restart writes that were not acknowledged are refused, not forgotten": async (t, bench) => {
    const { store, log } = await withNamespace(bench);
    const writes = ["a", "b"].map((name) => store.create(WidgetKind, widget(name)));
    await Promise.all(writes);
    await log[Symbol.asyncDispose]();
    await rejectsWith(t, store.create(WidgetKind, widget("c")), "ServiceUnavailable");
    t.equal((await store.list(WidgetKind)).items.length, 2, "what is known can still be read");
  },
};

function namesOf(items: readonly { metadata: { namespace?: string; name: string } }[]): string[] {
  return items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}
