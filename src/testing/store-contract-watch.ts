import { hasReason } from "../runtime/errors.ts";
import type { StoreCases } from "./store-contract.ts";
import { withNamespace } from "./store-contract-write.ts";
import { WatchProbe } from "./watch-probe.ts";
import { GuardedKind, instance, SpaceKind, type Widget, WidgetKind, widget } from "./widget.ts";

const key = (name: string) => ({ namespace: "default", name });

/** Watching: order, resuming, expiry, bookmarks. */
export const storeWatchCases: StoreCases = {
  "a watch tells every change of its kind in order, from the call on": async (t, bench) => {
    const { store, clock } = await withNamespace(bench);
    await store.create(WidgetKind, widget("before"));
    const probe = new WatchProbe<Widget>((signal) => store.watch(WidgetKind, { signal }));
    const a = await store.create(WidgetKind, widget("a"));
    await store.create(GuardedKind, instance(GuardedKind, "other", {}, { namespace: "default" }));
    await store.updateStatus(WidgetKind, { ...a, status: { n: 1 } });
    await store.delete(WidgetKind, key("a"));
    await clock.settle();
    t.same(probe.log, ["ADDED a 3", "MODIFIED a 5", "DELETED a 6"]);
    t.match(probe.events[2], { object: { status: { n: 1 } } }, "a deletion carries the last state");
    for (const event of probe.events) {
      if (event.type !== "BOOKMARK") t.same(JSON.parse(store.encoded(event.object)), event.object);
    }
    probe.stop();
    await store.create(WidgetKind, widget("b"));
    await clock.settle();
    t.equal(probe.events.length, 3);
    t.ok(probe.ended);
    t.equal(probe.error, undefined, "the signal ends a watch without an error");
  },

  "a watch may be of one namespace": async (t, bench) => {
    const { store, clock } = await withNamespace(bench);
    await store.create(SpaceKind, instance(SpaceKind, "default2"));
    const probe = new WatchProbe<Widget>((signal) =>
      store.watch(WidgetKind, { signal, namespace: "default" }),
    );
    await store.create(WidgetKind, widget("x", {}, { namespace: "default2" }));
    await store.create(WidgetKind, widget("y"));
    await clock.settle();
    t.same(probe.log, ["ADDED y 4"]);
    probe.stop();
  },

  "watchers of one change share one object, and it is the stored one": async (t, bench) => {
    const { store, clock } = await withNamespace(bench);
    const probes = [1, 2].map(() => new WatchProbe<Widget>((signal) => store.watch(WidgetKind, { signal })));
    const created = await store.create(WidgetKind, widget("a"));
    await clock.settle();
    const [first, second] = probes.map(({ events }) => events[0]);
    t.equal(first, second);
    t.ok(first !== undefined && "object" in first && first.object === created);
    for (const probe of probes) probe.stop();
  },

  "a watch resumes after any revision it has told, without gap or repeat": async (t, bench) => {
    const { store, clock } = await withNamespace(bench);
    const since = (await store.list(WidgetKind)).resourceVersion;
    for (const name of ["a", "b"]) await store.create(WidgetKind, widget(name));
    await store.update(WidgetKind, widget("a", { size: 2 }));
    await store.delete(WidgetKind, key("b"));
    const watch = (from: string) =>
      new WatchProbe<Widget>((signal) => store.watch(WidgetKind, { signal, since: from }));
    const whole = watch(since);
    await clock.settle();
    t.same(whole.log, ["ADDED a 2", "ADDED b 3", "MODIFIED a 4", "DELETED b 5"]);
    for (let seen = 0; seen <= 4; seen += 1) {
      const resumed = watch(String(1 + seen));
      await clock.settle();
      t.same(resumed.log, whole.log.slice(seen));
      resumed.stop();
    }
    whole.stop();
  },

  "a watch resumes across a restart and from further back than memory reaches": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const since = String(bench.log.revision());
    const created = await store.create(WidgetKind, widget("a"));
    const names = Array.from({ length: 6000 }, (_, i) => `w${i}`);
    await Promise.all(names.map((name) => store.create(WidgetKind, widget(name))));
    const next = (await bench.reopen?.()) ?? bench;
    const probe = new WatchProbe<Widget>((signal) => next.store.watch(WidgetKind, { signal, since }));
    await next.clock.settle();
    await next.store.create(WidgetKind, widget("last"));
    await next.clock.settle();
    t.equal(probe.events.length, 6002);
    t.match(probe.events[0], { type: "ADDED", object: { metadata: created.metadata } });
    const revisions = probe.log.map((line) => Number(line.split(" ")[2]));
    t.same(
      revisions,
      Array.from({ length: 6002 }, (_, i) => i + 2),
    );
    probe.stop();
  },

  "a list and a watch from its revision together miss nothing, however writers hurry": async (t, bench) => {
    const { store, clock } = await withNamespace(bench);
    const replicas: { objects: Map<string, Widget>; probe: WatchProbe<Widget> }[] = [];
    const join = async (): Promise<void> => {
      const list = await store.list(WidgetKind);
      const objects = new Map(list.items.map((item) => [item.metadata.name, item]));
      const since = list.resourceVersion;
      const probe = new WatchProbe<Widget>((signal) => store.watch(WidgetKind, { signal, since }));
      replicas.push({ objects, probe });
    };
    const writer = async (id: number): Promise<void> => {
      for (let i = 0; i < 30; i += 1) {
        const name = `w${id}-${i % 4}`;
        const existing = await store.get(WidgetKind, key(name));
        if (existing === undefined) await store.create(WidgetKind, widget(name));
        else if (i % 3 === 0) await store.delete(WidgetKind, key(name));
        else await store.update(WidgetKind, { ...existing, spec: { size: i } });
        if (i % 5 === 0) await join();
      }
    };
    await Promise.all(Array.from({ length: 10 }, (_, id) => writer(id)));
    await clock.settle();
    const { items } = await store.list(WidgetKind);
    for (const { objects, probe } of replicas) {
      for (const event of probe.events) {
        if (event.type === "BOOKMARK") continue;
        if (event.type === "DELETED") objects.delete(event.object.metadata.name);
        else objects.set(event.object.metadata.name, event.object);
      }
      const replica = [...objects.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
      if (replica.length !== items.length || replica.some((object, i) => object !== items[i])) {
        t.same(replica, items);
      }
      probe.stop();
    }
    t.equal(replicas.length, 60);
  },

  "a revision that is compacted away, never reached or no revision is refused": async (t, bench) => {
    const { store, clock, log } = await withNamespace(bench);
    for (const name of ["a", "b", "c"]) await store.create(WidgetKind, widget(name));
    await log.compact(3);
    const watch = (since: string) =>
      new WatchProbe<Widget>((signal) => store.watch(WidgetKind, { signal, since }));
    const [compacted, oldest, future] = [watch("2"), watch("3"), watch("5")];
    await clock.settle();
    t.ok(hasReason(compacted.error, "Expired"));
    t.same(oldest.log, ["ADDED c 4"]);
    t.ok(hasReason(future.error, "Expired"));
    t.throws(() => watch("yesterday"), { message: /invalid resource version "yesterday"/ });
    oldest.stop();
  },

  "a watcher that does not keep up is ended with Expired and harms nobody": async (t, bench) => {
    const { store, clock } = await withNamespace(bench);
    const abort = new AbortController();
    const slow = store.watch(WidgetKind, { signal: abort.signal })[Symbol.asyncIterator]();
    const quick = new WatchProbe<Widget>((signal) => store.watch(WidgetKind, { signal }));
    await store.create(WidgetKind, widget("first"));
    t.match(await slow.next(), { value: { type: "ADDED" } });
    for (let round = 0; round < 11; round += 1) {
      const names = Array.from({ length: 1000 }, (_, i) => `w${round}-${i}`);
      await Promise.all(names.map((name) => store.create(WidgetKind, widget(name))));
    }
    await t.rejects(slow.next(), { message: /more than 10000 events behind; list again/ });
    t.match(await slow.next(), { done: true });
    await clock.settle();
    t.equal(quick.events.length, 11_001);
    quick.stop();
  },

  "bookmarks come once a minute, only when asked for, and promise no more than was told": async (
    t,
    bench,
  ) => {
    const { store, clock } = await withNamespace(bench);
    const plain = new WatchProbe<Widget>((signal) => store.watch(WidgetKind, { signal }));
    const marked = new WatchProbe<Widget>((signal) => store.watch(WidgetKind, { signal, bookmarks: true }));
    await store.create(WidgetKind, widget("a"));
    await store.create(GuardedKind, instance(GuardedKind, "g", {}, { namespace: "default" }));
    await clock.advance(60_000);
    await store.create(WidgetKind, widget("b"));
    await clock.advance(60_000);
    t.same(marked.log, ["ADDED a 2", "BOOKMARK 3", "ADDED b 4", "BOOKMARK 4"]);
    t.same(plain.log, ["ADDED a 2", "ADDED b 4"]);
    plain.stop();
    marked.stop();
    await clock.settle();
    t.equal(clock.pendingTimers, 0);
  },

  "a watch whose signal is aborted already, or that is left, is over": async (t, bench) => {
    const { store } = await withNamespace(bench);
    const aborted = store.watch(WidgetKind, { signal: AbortSignal.abort() });
    t.match(await aborted[Symbol.asyncIterator]().next(), { done: true });
    const { signal } = new AbortController();
    const watch = store.watch(WidgetKind, { signal, bookmarks: true });
    await store.create(WidgetKind, widget("a"));
    for await (const event of watch) {
      t.match(event, { type: "ADDED" });
      break;
    }
    t.equal(bench.clock.pendingTimers, 0);
  },

  "closing the store ends its watches without an error": async (t, bench) => {
    const { store, clock } = await withNamespace(bench);
    const probe = new WatchProbe<Widget>((signal) => store.watch(WidgetKind, { signal }));
    store[Symbol.dispose]();
    await clock.settle();
    t.ok(probe.ended);
    t.equal(probe.error, undefined);
  },
};
