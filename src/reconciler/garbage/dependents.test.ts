import t from "tap";
import { LeaseKind } from "../../schema/lease.ts";
import { NamespaceKind } from "../../schema/namespace.ts";
import { openEngine } from "../../testing/engine-fixture.ts";
import { addLease, leaseKey, reference } from "../../testing/lease-family.ts";
import { Dependents } from "./dependents.ts";

const kinds = [LeaseKind, NamespaceKind];

t.test(
  "dependents are found in the store before any cache shows them, and only in the owner's namespace",
  async (t) => {
    const engine = await openEngine(t);
    await engine.addNamespace("other");
    const dependents = new Dependents({ ...engine, kinds });
    const owner = await addLease(engine, "owner");
    await addLease(engine, "child", [reference(owner)]);
    await addLease(engine, "far", [reference(owner)], [], "other");
    const stored = await dependents.stored(owner);
    t.strictSame(
      stored.map(([kind, { metadata }]) => `${kind.kind} ${metadata.name}`),
      ["Lease child"],
    );
    t.strictSame(dependents.shown(owner), []);
    await engine.run();
    t.strictSame(
      dependents.shown(owner).map(({ metadata }) => metadata.name),
      ["child"],
    );
  },
);

t.test("an object is untied while others write to it, and not another of its name", async (t) => {
  const engine = await openEngine(t);
  const dependents = new Dependents({ ...engine, kinds });
  const owner = await addLease(engine, "owner");
  const child = await addLease(engine, "child", [reference(owner)]);
  await engine.store.update(LeaseKind, { ...child, spec: { holderIdentity: "x" } });
  await dependents.untie(LeaseKind, child, new Set([owner.metadata.uid ?? ""]));
  const untied = await engine.store.get(LeaseKind, leaseKey("child"));
  t.match(untied?.spec, { holderIdentity: "x" });
  t.strictSame(untied?.metadata.ownerReferences ?? [], []);
  await engine.store.delete(LeaseKind, leaseKey("child"));
  const another = await addLease(engine, "child", [reference(owner)]);
  await dependents.untie(LeaseKind, child, new Set([owner.metadata.uid ?? ""]));
  t.equal(
    (await engine.store.get(LeaseKind, leaseKey("child")))?.metadata.resourceVersion,
    another.metadata.resourceVersion,
  );
});
