import t from "tap";
import { hostState } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";

t.test("hosts with one value are one domain, hosts without the label are in none", async (t) => {
  const snapshot = snapshotOf([
    hostState({ name: "h0", labels: { zone: "a" } }),
    hostState({ name: "h1", labels: { zone: "b" } }),
    hostState({ name: "h2", labels: { zone: "a" } }),
    hostState({ name: "h3" }),
  ]);
  const { domainOf, domainCount } = snapshot.topologies.get("zone");
  t.same([...domainOf.subarray(0, 4)], [0, 1, 0, -1]);
  t.equal(domainCount, 2);
  t.equal(snapshot.topologies.get("ostler.dev/hostname").domainCount, 4);
});

t.test("domains follow hosts that change their labels, come and go", async (t) => {
  const snapshot = snapshotOf([hostState({ name: "h0", labels: { zone: "a" } })]);
  const zoneOf = (name: string) =>
    snapshot.topologies.get("zone").domainOf[snapshot.hosts.rowOf(name) ?? -1] ?? "no row";
  t.equal(zoneOf("h0"), 0);
  snapshot.setHost(hostState({ name: "h0", labels: { zone: "b" } }));
  for (let index = 1; index < 100; index += 1) {
    snapshot.setHost(hostState({ name: `h${index}`, labels: { zone: "a" } }));
  }
  t.same([zoneOf("h0"), zoneOf("h99")], [1, 0]);
  snapshot.removeHost("h99");
  snapshot.setHost(hostState({ name: "new" }));
  t.equal(zoneOf("new"), -1, "the row of a host that has gone begins anew");
});

t.test("values that nobody has any more are forgotten in the end", async (t) => {
  const snapshot = snapshotOf([hostState()]);
  for (let round = 0; round < 1_000; round += 1) {
    snapshot.setHost(hostState({ labels: { zone: String(round) } }));
    snapshot.topologies.get("zone");
  }
  t.ok(snapshot.topologies.get("zone").domainCount < 100);
});
