import t from "tap";
import { LeaseKind } from "../../schema/lease.ts";
import { NamespaceKind } from "../../schema/namespace.ts";
import { openEngine } from "../../testing/engine-fixture.ts";
import { addLease, leaseKey, leaseNames, reference } from "../../testing/lease-family.ts";
import { garbageCollectors } from "./garbage-collector.ts";
import { Owners } from "./owners.ts";

const kinds = [LeaseKind, NamespaceKind];

t.test("an owner in another namespace is told of, and nothing is deleted for it", async (t) => {
  const engine = await openEngine(t);
  await engine.addNamespace("other");
  const owner = await addLease(engine, "owner", [], [], "other");
  await addLease(engine, "child", [reference(owner)]);
  const told: string[] = [];
  const record = (...[object, type, reason, message]: Parameters<typeof tell>) =>
    void told.push(tell(object, type, reason, message));
  await engine.run(...garbageCollectors({ ...engine, record, kinds }));
  t.strictSame(await leaseNames(engine), ["child", "owner"]);
  t.match(told, [
    /^child Warning OwnerRefInvalidNamespace: .*its owner is leases.coordination.k8s.io "other\/owner"/,
  ]);
});

function tell(
  { metadata }: { readonly metadata: { readonly name: string } },
  type: string,
  reason: string,
  message: string,
): string {
  return `${metadata.name} ${type} ${reason}: ${message}`;
}

t.test("a cluster-scoped object is never deleted for a namespaced owner", async (t) => {
  const engine = await openEngine(t);
  const lease = await addLease(engine, "owner");
  const told: string[] = [];
  const owners = new Owners({ ...engine, kinds, record: (...event) => void told.push(tell(...event)) });
  const namespace = await engine.store.get(NamespaceKind, { name: "default" });
  if (namespace === undefined) throw new Error("there is no namespace");
  t.equal(await owners.stateOf({ ...reference(lease), uid: "gone" }, namespace, engine.logger), "there");
  t.match(told, [/^default Warning OwnerRefInvalidNamespace/]);
});

t.test("whether an owner is anywhere is asked once for all its dependents", async (t) => {
  const engine = await openEngine(t);
  let lists = 0;
  const store = new Proxy(engine.store, {
    get: (target, property) => {
      if (property === "list") lists += 1;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const owners = new Owners({ store, kinds, record: () => {} });
  const gone = { ...reference(await addLease(engine, "owner")), uid: "11111111-1111-4111-8111-111111111111" };
  for (let index = 0; index < 100; index++) {
    const child = await addLease(engine, `child-${index}`, [gone]);
    t.equal(await owners.stateOf(gone, child, engine.logger), "absent");
  }
  t.equal(lists, 1);
});

t.test("who is being deleted in the foreground waits, all others are there until they are not", async (t) => {
  const engine = await openEngine(t);
  const owners = new Owners({ ...engine, kinds, record: () => {} });
  const owner = await addLease(engine, "owner", [], ["example.org/hold"]);
  const child = await addLease(engine, "child", [reference(owner)]);
  const state = () => owners.stateOf(reference(owner), child, engine.logger);
  t.equal(await state(), "there");
  await engine.store.delete(LeaseKind, leaseKey("owner"));
  t.equal(await state(), "there");
  await engine.store.delete(LeaseKind, leaseKey("owner"), { propagation: "Foreground" });
  t.equal(await state(), "waiting");
});
