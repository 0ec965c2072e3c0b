import t from "tap";
import type { Lease } from "../schema/lease.ts";
import { IndexedCache } from "./cache.ts";

function lease(name: string, metadata: Partial<Lease["metadata"]> = {}, holderIdentity?: string): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: "default", ...metadata },
    spec: holderIdentity === undefined ? {} : { holderIdentity },
  };
}

const names = (leases: readonly Lease[]): string[] => leases.map(({ metadata }) => metadata.name).sort();

t.test("the newest state is found by key, and the state before is returned", async (t) => {
  const cache = new IndexedCache<Lease>();
  const first = lease("a");
  const second = lease("a", { labels: { v: "2" } });
  t.equal(cache.put(first), undefined);
  t.equal(cache.put(second), first);
  t.equal(cache.get({ namespace: "default", name: "a" }), second);
  t.equal(cache.size, 1);
  t.equal(cache.remove({ namespace: "default", name: "a" }), second);
  t.equal(cache.remove({ namespace: "default", name: "a" }), undefined);
  t.equal(cache.size, 0);
});

t.test("one namespace can be listed", async (t) => {
  const cache = new IndexedCache<Lease>();
  cache.put(lease("a"));
  cache.put(lease("b", { namespace: "other" }));
  t.strictSame(names(cache.list("other")), ["b"]);
  t.strictSame(names(cache.list()), ["a", "b"]);
  t.strictSame(cache.list("none"), []);
});

t.test("dependents are found by the uid of an owner", async (t) => {
  const cache = new IndexedCache<Lease>();
  const owner = (uid: string) => ({ apiVersion: "v1", kind: "Namespace", name: "x", uid });
  cache.put(lease("a", { ownerReferences: [owner("u1"), owner("u2")] }));
  cache.put(lease("b", { ownerReferences: [owner("u2")] }));
  t.strictSame(names(cache.byOwner("u1")), ["a"]);
  t.strictSame(names(cache.byOwner("u2")), ["a", "b"]);
  cache.put(lease("a", { ownerReferences: [] }));
  t.strictSame(names(cache.byOwner("u1")), []);
  t.strictSame(names(cache.byOwner("u2")), ["b"]);
});

t.test("an index follows its objects as they change and go", async (t) => {
  const cache = new IndexedCache<Lease>();
  cache.put(lease("before", {}, "h1"));
  const byHolder = cache.addIndex(({ spec }) =>
    spec?.holderIdentity === undefined ? [] : [spec.holderIdentity],
  );
  cache.put(lease("a", {}, "h1"));
  cache.put(lease("nobody"));
  t.strictSame(names(byHolder.get("h1")), ["a", "before"], "objects from before the index are in it");
  cache.put(lease("a", {}, "h2"));
  t.strictSame(names(byHolder.get("h1")), ["before"]);
  t.strictSame(names(byHolder.get("h2")), ["a"]);
  const same = lease("a", { labels: { v: "2" } }, "h2");
  cache.put(same);
  t.strictSame(byHolder.get("h2"), [same], "what stays in its place is there as it is now");
  cache.remove({ namespace: "default", name: "a" });
  t.strictSame(byHolder.get("h2"), []);
});
