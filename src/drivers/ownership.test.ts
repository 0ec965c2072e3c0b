import t from "tap";
import { foreignDomain, nameTaken, sameOwner } from "./ownership.ts";

const mark = { clusterId: "c1", namespace: "default", name: "web", uid: "u1", epoch: 3 };

t.test("cluster and uid decide whose a domain is", async (t) => {
  t.equal(sameOwner(mark, { ...mark, name: "renamed", epoch: 1 }), true);
  t.equal(sameOwner(mark, { ...mark, clusterId: "c2" }), false);
  t.equal(sameOwner(mark, { ...mark, uid: "u2" }), false);
  t.equal(sameOwner(mark, undefined), false);
});

t.test("a conflict names both sides", async (t) => {
  const theirs = { ...mark, clusterId: "c2", name: "db" };
  t.match(foreignDomain(mark, { domainName: "x" }).message, /"x".*u1.*no mark.*default\/web/);
  t.match(foreignDomain(mark, { domainName: "x", mark: theirs }).message, /default\/db of cluster c2/);
  const taken = nameTaken({ domainName: "x", uid: "u1" }, { domainName: "x", uid: "u2" });
  t.match(taken, { reason: "OwnershipConflict", message: /u1.*u2/ });
});
