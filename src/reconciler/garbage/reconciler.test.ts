import t, { type Test } from "tap";
import { LeaseKind } from "../../schema/lease.ts";
import type { OwnerReference } from "../../schema/meta.ts";
import { NamespaceKind } from "../../schema/namespace.ts";
import { type Engine, openEngine } from "../../testing/engine-fixture.ts";
import { addLease, leaseKey, leaseNames, letLeaseGo, reference } from "../../testing/lease-family.ts";
import { garbageCollectors } from "./garbage-collector.ts";

const hold = ["example.org/hold"];
const blocks: Partial<OwnerReference> = { blockOwnerDeletion: true };

async function running(t: Test): Promise<Engine> {
  const engine = await openEngine(t);
  await engine.run(...garbageCollectors({ ...engine, record: () => {}, kinds: [LeaseKind, NamespaceKind] }));
  return engine;
}

async function lease({ store }: Engine, name: string) {
  return (await store.get(LeaseKind, leaseKey(name)))?.metadata;
}

t.test("deleted in the foreground, an owner goes after those that block it", async (t) => {
  const engine = await running(t);
  const owner = await addLease(engine, "owner");
  await addLease(engine, "blocker", [reference(owner, blocks)], hold);
  await addLease(engine, "other", [reference(owner)], hold);
  await engine.store.delete(LeaseKind, leaseKey("owner"), { propagation: "Foreground" });
  await engine.clock.settle();
  t.ok((await lease(engine, "blocker"))?.deletionTimestamp);
  t.ok((await lease(engine, "other"))?.deletionTimestamp);
  t.ok((await lease(engine, "owner"))?.deletionTimestamp);
  await letLeaseGo(engine, "blocker");
  await engine.clock.settle();
  t.strictSame(await leaseNames(engine), ["other"], "what does not block is not waited for");
});

t.test("deleted in the foreground, a family goes from its youngest on", async (t) => {
  const engine = await running(t);
  const grandmother = await addLease(engine, "grandmother");
  const mother = await addLease(engine, "mother", [reference(grandmother, blocks)]);
  await addLease(engine, "daughter", [reference(mother, blocks)], hold);
  await engine.store.delete(LeaseKind, leaseKey("grandmother"), { propagation: "Foreground" });
  await engine.clock.settle();
  t.strictSame(await leaseNames(engine), ["daughter", "grandmother", "mother"]);
  t.strictSame((await lease(engine, "mother"))?.finalizers, ["foregroundDeletion"]);
  await letLeaseGo(engine, "daughter");
  await engine.clock.settle();
  t.strictSame(await leaseNames(engine), []);
});

t.test("deleted in the foreground, an owner without dependents is gone at once", async (t) => {
  const engine = await running(t);
  await addLease(engine, "owner");
  await engine.store.delete(LeaseKind, leaseKey("owner"), { propagation: "Foreground" });
  await engine.clock.settle();
  t.strictSame(await leaseNames(engine), []);
});

t.test("a dependent that no longer blocks is not waited for", async (t) => {
  const engine = await running(t);
  const owner = await addLease(engine, "owner");
  const child = await addLease(engine, "child", [reference(owner, blocks)], hold);
  await engine.store.delete(LeaseKind, leaseKey("owner"), { propagation: "Foreground" });
  await engine.clock.settle();
  t.strictSame(await leaseNames(engine), ["child", "owner"]);
  const { resourceVersion: _, ...metadata } = (await lease(engine, "child")) ?? child.metadata;
  const ownerReferences = [reference(owner, { blockOwnerDeletion: false })];
  await engine.store.update(LeaseKind, { ...child, metadata: { ...metadata, ownerReferences } });
  await engine.clock.settle();
  t.strictSame(await leaseNames(engine), ["child"]);
});

t.test("two that own and block each other do not wait for ever", async (t) => {
  const engine = await running(t);
  const one = await addLease(engine, "one");
  const two = await addLease(engine, "two", [reference(one, blocks)]);
  await engine.store.update(LeaseKind, {
    ...one,
    metadata: { ...one.metadata, ownerReferences: [reference(two, blocks)] },
  });
  await engine.store.delete(LeaseKind, leaseKey("one"), { propagation: "Foreground" });
  await engine.clock.advance(10_000);
  t.strictSame(await leaseNames(engine), []);
});

t.test("deleted as an orphan maker, an owner leaves its dependents as they are", async (t) => {
  const engine = await running(t);
  const [owner, other] = [await addLease(engine, "owner"), await addLease(engine, "other")];
  await addLease(engine, "child", [reference(owner, blocks)]);
  await addLease(engine, "shared", [reference(owner), reference(other)]);
  await engine.store.delete(LeaseKind, leaseKey("owner"), { propagation: "Orphan" });
  await engine.clock.advance(10_000);
  t.strictSame(await leaseNames(engine), ["child", "other", "shared"]);
  t.strictSame((await lease(engine, "child"))?.ownerReferences ?? [], []);
  t.match((await lease(engine, "shared"))?.ownerReferences, [{ name: "other" }]);
});

t.test("who has an owner that is there names those no more that are gone", async (t) => {
  const engine = await running(t);
  const [one, two] = [await addLease(engine, "one"), await addLease(engine, "two")];
  await addLease(engine, "child", [reference(one), reference(two, blocks)]);
  await engine.store.delete(LeaseKind, leaseKey("two"), { propagation: "Foreground" });
  await engine.clock.settle();
  t.strictSame(await leaseNames(engine), ["child", "one"]);
  t.match((await lease(engine, "child"))?.ownerReferences, [{ name: "one" }]);
});

t.test("what was begun goes on with the next controller", async (t) => {
  const engine = await openEngine(t);
  const owner = await addLease(engine, "owner");
  await addLease(engine, "child", [reference(owner, blocks)]);
  const left = await addLease(engine, "left");
  await addLease(engine, "orphan", [reference(left)]);
  await engine.store.delete(LeaseKind, leaseKey("owner"), { propagation: "Foreground" });
  await engine.store.delete(LeaseKind, leaseKey("left"), { propagation: "Orphan" });
  await engine.run(...garbageCollectors({ ...engine, record: () => {}, kinds: [LeaseKind] }));
  t.strictSame(await leaseNames(engine), ["orphan"]);
});
