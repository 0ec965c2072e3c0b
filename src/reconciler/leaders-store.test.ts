import t from "tap";
import { type Lease, LeaseKind } from "../schema/lease.ts";
import { openEngine } from "../testing/engine-fixture.ts";
import { rejectsWith } from "../testing/rejects-with.ts";
import { leadersStore } from "./leaders-store.ts";

const key = { namespace: "default", name: "one" };
const lease: Lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: key, spec: {} };

t.test("who leads reads and writes as others do", async (t) => {
  const { store } = await openEngine(t);
  const leaders = leadersStore(store, () => true);
  const created = await leaders.create(LeaseKind, lease);
  const spec = { holderIdentity: "me" };
  const updated = await leaders.update(LeaseKind, { ...created, spec });
  t.match(await leaders.get(LeaseKind, key), { spec });
  t.equal((await leaders.list(LeaseKind)).items.length, 1);
  t.equal(leaders.encoded(updated), store.encoded(updated));
  await leaders.delete(LeaseKind, key);
  t.equal(await store.get(LeaseKind, key), undefined);
});

t.test("who does not lead any more reads and writes nothing", async (t) => {
  const { store } = await openEngine(t);
  const created = await store.create(LeaseKind, lease);
  const leaders = leadersStore(store, () => false);
  const other = { ...lease, metadata: { ...key, name: "two" } };
  await rejectsWith(t, leaders.create(LeaseKind, other), "ServiceUnavailable");
  await rejectsWith(
    t,
    leaders.update(LeaseKind, { ...created, spec: { holderIdentity: "me" } }),
    "ServiceUnavailable",
  );
  await rejectsWith(t, leaders.updateStatus(LeaseKind, created), "ServiceUnavailable");
  await rejectsWith(t, leaders.delete(LeaseKind, key), "ServiceUnavailable");
  t.strictSame((await leaders.list(LeaseKind)).items, [created]);
});
