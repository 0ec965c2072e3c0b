import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { type Namespace, NamespaceKind } from "../../schema/namespace.ts";
import { startApi } from "../../testing/api-fixture.ts";
import { rejectsWith } from "../../testing/rejects-with.ts";
import { GuardedStore } from "./guarded-store.ts";

const namespace = (name: string): Namespace => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

t.test("what is refused is not written; everything else is the store's", async (t) => {
  await using api = await startApi();
  const store = new GuardedStore(api.store, (_verb, _kind, { metadata }) => {
    if (metadata.name !== "free") throw new StatusError("Forbidden", "not yours");
  });
  await rejectsWith(t, store.create(NamespaceKind, namespace("taken")), "Forbidden");
  await rejectsWith(t, store.update(NamespaceKind, namespace("default")), "Forbidden");
  const made = await store.create(NamespaceKind, namespace("free"));
  t.equal((await store.update(NamespaceKind, made)).metadata.uid, made.metadata.uid);
  t.match(await store.get(NamespaceKind, { name: "free" }), { metadata: { name: "free" } });
  t.equal(await api.store.get(NamespaceKind, { name: "taken" }), undefined);
  t.equal((await store.list(NamespaceKind)).items.length, 2);
  t.ok((await store.delete(NamespaceKind, { name: "free" }))?.metadata.deletionTimestamp);
});
