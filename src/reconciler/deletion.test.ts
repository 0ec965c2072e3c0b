import t from "tap";
import { type Lease, LeaseKind } from "../schema/lease.ts";
import { type Engine, openEngine } from "../testing/engine-fixture.ts";
import { rejectsWith } from "../testing/rejects-with.ts";
import { deleteAll, deleteIfThere } from "./deletion.ts";

async function addLease({ store }: Engine, name: string): Promise<Lease> {
  const metadata = { namespace: "default", name };
  return store.create(LeaseKind, { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata });
}

t.test("that an object is gone already is success; that it is another is a conflict", async (t) => {
  const engine = await openEngine(t);
  const key = { namespace: "default", name: "a" };
  const first = await addLease(engine, "a");
  await deleteIfThere(engine.store, LeaseKind, key, { uid: first.metadata.uid });
  await deleteIfThere(engine.store, LeaseKind, key, { uid: first.metadata.uid });
  await addLease(engine, "a");
  await rejectsWith(t, deleteIfThere(engine.store, LeaseKind, key, { uid: first.metadata.uid }), "Conflict");
});

t.test("many objects are deleted, and only those", async (t) => {
  const engine = await openEngine(t);
  const leases: Lease[] = [];
  for (let index = 0; index < 200; index += 1) leases.push(await addLease(engine, `l${index}`));
  await deleteAll(engine.store, LeaseKind, leases.slice(1));
  t.match((await engine.store.list(LeaseKind)).items, [{ metadata: { name: "l0" } }]);
});
