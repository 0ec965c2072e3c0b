import t from "tap";
import { LeaseKind } from "../../schema/lease.ts";
import { NamespaceKind } from "../../schema/namespace.ts";
import { openEngine } from "../../testing/engine-fixture.ts";
import { addLease, leaseNames as names, reference } from "../../testing/lease-family.ts";
import { garbageCollectors } from "./garbage-collector.ts";

const kinds = [LeaseKind, NamespaceKind];

t.test("what belonged to a deleted object is deleted, and what belonged to that", async (t) => {
  const engine = await openEngine(t);
  const owner = await addLease(engine, "owner");
  const child = await addLease(engine, "child", [reference(owner)]);
  await addLease(engine, "grandchild", [reference(child)]);
  await addLease(engine, "unrelated");
  await engine.run(...garbageCollectors({ ...engine, record: () => {}, kinds }));
  t.strictSame(await names(engine), ["child", "grandchild", "owner", "unrelated"]);
  await engine.store.delete(LeaseKind, { namespace: "default", name: "owner" });
  await engine.clock.settle();
  t.strictSame(await names(engine), ["unrelated"]);
});

t.test("what lost its owner while nobody looked is deleted at the start", async (t) => {
  const engine = await openEngine(t);
  const owner = await addLease(engine, "owner");
  await addLease(engine, "child", [reference(owner)]);
  await engine.store.delete(LeaseKind, { namespace: "default", name: "owner" });
  await engine.run(...garbageCollectors({ ...engine, record: () => {}, kinds }));
  t.strictSame(await names(engine), []);
});

t.test("one owner that is left is enough", async (t) => {
  const engine = await openEngine(t);
  const owners = [await addLease(engine, "a"), await addLease(engine, "b")];
  await addLease(
    engine,
    "child",
    owners.map((owner) => reference(owner)),
  );
  await engine.run(...garbageCollectors({ ...engine, record: () => {}, kinds }));
  await engine.store.delete(LeaseKind, { namespace: "default", name: "a" });
  await engine.clock.settle();
  t.strictSame(await names(engine), ["b", "child"]);
  await engine.store.delete(LeaseKind, { namespace: "default", name: "b" });
  await engine.clock.settle();
  t.strictSame(await names(engine), []);
});

t.test("a new object under the owner's name is not the owner", async (t) => {
  const engine = await openEngine(t);
  const owner = await addLease(engine, "owner");
  await addLease(engine, "child", [reference(owner)]);
  await engine.store.delete(LeaseKind, { namespace: "default", name: "owner" });
  await addLease(engine, "owner");
  await engine.run(...garbageCollectors({ ...engine, record: () => {}, kinds }));
  t.strictSame(await names(engine), ["owner"]);
});

t.test("an owner that is being deleted is still there", async (t) => {
  const engine = await openEngine(t);
  const owner = await addLease(engine, "owner", [], ["example.com/hold"]);
  await addLease(engine, "child", [reference(owner)]);
  await engine.run(...garbageCollectors({ ...engine, record: () => {}, kinds }));
  await engine.store.delete(LeaseKind, { namespace: "default", name: "owner" });
  await engine.clock.settle();
  t.strictSame(await names(engine), ["child", "owner"]);
});

t.test("nothing is deleted for an owner of a kind that is not known", async (t) => {
  const engine = await openEngine(t);
  await addLease(engine, "child", [
    {
      apiVersion: "example.com/v1",
      kind: "Stable",
      name: "gone",
      uid: "11111111-1111-4111-8111-111111111111",
    },
  ]);
  await engine.run(...garbageCollectors({ ...engine, record: () => {}, kinds }));
  await engine.clock.advance(60_000);
  t.strictSame(await names(engine), ["child"]);
});

t.test("a cluster-scoped object can own what lives in a namespace", async (t) => {
  const engine = await openEngine(t);
  await engine.addNamespace("owner");
  const owner = await engine.store.get(NamespaceKind, { name: "owner" });
  if (owner === undefined) throw new Error("no namespace");
  await addLease(engine, "child", [reference(owner)]);
  await engine.run(...garbageCollectors({ ...engine, record: () => {}, kinds }));
  t.strictSame(await names(engine), ["child"]);
  await engine.store.delete(NamespaceKind, { name: "owner" });
  await engine.store.update(NamespaceKind, { ...owner, metadata: { name: "owner", finalizers: [] } });
  await engine.clock.settle();
  t.strictSame(await names(engine), []);
});

t.test("nothing is asked of the store while nothing changes but what is no tie", async (t) => {
  const engine = await openEngine(t);
  const owner = await addLease(engine, "owner");
  for (let index = 0; index < 50; index++) await addLease(engine, `child-${index}`, [reference(owner)]);
  let asked = 0;
  const store = new Proxy(engine.store, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        asked += 1;
        return Reflect.apply(value, target, args);
      };
    },
  });
  await engine.run(...garbageCollectors({ ...engine, store, record: () => {}, kinds }));
  const before = asked;
  for (let index = 0; index < 50; index++) {
    const child = await engine.store.get(LeaseKind, { namespace: "default", name: `child-${index}` });
    if (child !== undefined) {
      await engine.store.update(LeaseKind, { ...child, spec: { holderIdentity: "somebody" } });
    }
  }
  await engine.clock.advance(3_600_000);
  t.equal(asked, before);
  await engine.store.delete(LeaseKind, { namespace: "default", name: "owner" });
  await engine.clock.settle();
  t.strictSame(await names(engine), []);
  t.ok(asked - before <= 4 * 50, `${asked - before} calls for 50 dependents`);
});
