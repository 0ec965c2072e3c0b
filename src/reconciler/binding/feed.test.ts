import t, { type Test } from "tap";
import { spread } from "../../scheduler/policies.ts";
import { HostKind } from "../../schema/host.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { openEngine } from "../../testing/engine-fixture.ts";
import { lookups, machine } from "../../testing/machine-fixture.ts";
import { hostObject, sessionFixture } from "../../testing/session-fixture.ts";
import { buildCatalog } from "../catalog.ts";
import { Binder } from "./binder.ts";
import { BinderFeed } from "./feed.ts";

const allocated = { cpus: 2, memoryBytes: 2 ** 30, diskBytes: 0 };

async function fixture(t: Test) {
  const { store, informers, clock, run } = await openEngine(t);
  const { sessions, ensure, stop } = await sessionFixture();
  t.teardown(stop);
  const binder = new Binder({ clock, defaultProfile: spread, onNews: () => {} });
  const catalog = buildCatalog(informers);
  const feed = new BinderFeed({ binder, catalog, sessions, lookups: lookups() });
  return { store, clock, binder, feed, ensure, run };
}

t.test("a host is there with its object, and answers with its link", async (t) => {
  const { store, clock, binder, feed, ensure, run } = await fixture(t);
  await store.create(HostKind, hostObject("h1"));
  await run();
  t.match(binder.snapshot.host("h1"), { name: "h1", ready: false });
  await ensure();
  feed.lookAtHost("h1");
  t.match(binder.snapshot.host("h1"), { ready: true });
  feed.lookAtHost("h2");
  await store.delete(HostKind, { name: "h1" });
  await clock.advance(0);
  t.equal(binder.snapshot.host("h1"), undefined);
});

t.test("what machines were promised before is known after the start, and what changes of them", async (t) => {
  const { store, clock, binder, run } = await fixture(t);
  const created = await store.create(VirtualMachineKind, machine());
  const status = { hostName: "h1", allocated };
  const placed = await store.updateStatus(VirtualMachineKind, { ...created, status });
  const uid = placed.metadata.uid ?? "";
  await run();
  const known = () => binder.snapshot.placed(uid);
  t.match(known(), { hostName: "h1", request: { resources: allocated } });
  const metadata = { ...placed.metadata, labels: { app: "db" } };
  const labelled = await store.update(VirtualMachineKind, { ...placed, metadata });
  await clock.advance(0);
  t.match(known(), { hostName: "h1", request: { resources: allocated, labels: { app: "db" } } });
  const finalizers: readonly string[] = [];
  await store.delete(VirtualMachineKind, { namespace: "default", name: placed.metadata.name });
  const leaving = await store.get(VirtualMachineKind, { namespace: "default", name: placed.metadata.name });
  if (leaving !== undefined)
    await store.update(VirtualMachineKind, {
      ...leaving,
      metadata: { ...leaving.metadata, finalizers: [...finalizers] },
    });
  await clock.advance(0);
  t.equal(known(), undefined);
  t.equal(labelled.metadata.uid, uid);
});

t.test("a machine that has no host yet is promised nothing", async (t) => {
  const { store, binder, run } = await fixture(t);
  const created = await store.create(VirtualMachineKind, machine());
  await run();
  t.equal(binder.snapshot.placed(created.metadata.uid ?? ""), undefined);
});

t.test("old news of a host that a machine has given up promises it nothing there", async (t) => {
  const { store, clock, binder, feed, run } = await fixture(t);
  const created = await store.create(VirtualMachineKind, machine());
  const { uid = "", resourceVersion } = created.metadata;
  await run();
  // The informer shows later that it was placed in the next write and left in the one after.
  const metadata = { ...created.metadata, resourceVersion: String(Number(resourceVersion) + 2) };
  feed.noteLeft({ ...created, metadata });
  const status = { hostName: "h1", allocated };
  const placed = await store.updateStatus(VirtualMachineKind, { ...created, status });
  await clock.advance(0);
  t.equal(binder.snapshot.placed(uid), undefined);
  const left = await store.updateStatus(VirtualMachineKind, { ...placed, status: {} });
  t.same(left.metadata, metadata);
  await clock.advance(0);
  t.equal(binder.snapshot.placed(uid), undefined);
  await store.updateStatus(VirtualMachineKind, { ...left, status });
  await clock.advance(0);
  t.match(binder.snapshot.placed(uid), { hostName: "h1" }, "what is newer counts again");
});
