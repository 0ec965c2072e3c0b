import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import { HostKind } from "../../schema/host.ts";
import { Cluster } from "../../testing/cluster.ts";
import { addVolume, removeVolume, volumeStatusOf } from "../../testing/volume-fixture.ts";

/** A machine on h1, which another Host leads to as well, and a second host. */
async function withTwin(spec: Record<string, unknown> = {}) {
  const cluster = await Cluster.start({ hosts: [{ name: "h1" }, { name: "h2" }] });
  await cluster.addHost("rack-1", { uri: "fake://h1" });
  await cluster.editHost("h2", { unschedulable: true });
  await cluster.addMachine("web", spec);
  await cluster.settle(20_000);
  await cluster.editHost("h2", { unschedulable: false });
  const removeOld = async () => {
    await cluster.store.delete(HostKind, { name: "h1" });
    await cluster.settle(2_000);
  };
  const ready = async () => findCondition((await cluster.machine("web")).status?.conditions, "Ready");
  return { cluster, removeOld, ready };
}

t.test("machines and volumes go on under the name that their host has by now", async (t) => {
  const root = { name: "root", size: "1Gi" };
  const { cluster, removeOld, ready } = await withTwin({ disks: [root] });
  await using _cluster = cluster;
  await addVolume(cluster, "data");
  await cluster.edit("web", { disks: [root, { name: "data", volume: "data" }] });
  // Short of the next look at everything that is on the host.
  await cluster.settle(5_000);
  t.equal((await volumeStatusOf(cluster, "data")).hostName, "h1");
  const { mutations } = cluster;
  const before = (await cluster.machine("web")).status;
  await removeOld();
  const after = (await cluster.machine("web")).status;
  t.match(after, { hostName: "rack-1", printableStatus: "Running", placementEpoch: before?.placementEpoch });
  t.match(await ready(), { status: "True" });
  await cluster.settle(60_000);
  t.match(await volumeStatusOf(cluster, "data"), { hostName: "rack-1", phase: "Attached" });
  t.equal(cluster.mutations, mutations, "nothing was touched");
  const told = cluster.events.filter(({ reason }) => reason === "HostRenamed");
  t.match(told, [{ machine: "web", message: /^host "h1" is Host "rack-1" by now: both are the one with/ }]);
  await cluster.remove("web");
  await removeVolume(cluster, "data");
  await cluster.settle(60_000);
  t.same([...cluster.hypervisor.host("h1").domains], []);
  t.same(cluster.volumesOn(cluster.hypervisor.host("h1")), [], "it is all gone from there, too");
});

t.test("what is stopped, or is being deleted, goes on, too", async (t) => {
  const { cluster, removeOld } = await withTwin({ disks: [{ name: "root", size: "1Gi" }] });
  await using _cluster = cluster;
  await cluster.edit("web", { runStrategy: "Halted" });
  await cluster.settle(60_000);
  await removeOld();
  t.match((await cluster.machine("web")).status, { hostName: "rack-1", printableStatus: "Stopped" });
  await cluster.addHost("h1");
  await cluster.store.delete(HostKind, { name: "rack-1" });
  await cluster.remove("web");
  await cluster.settle(60_000);
  t.equal(await cluster.findMachine("web"), undefined);
  t.same(cluster.volumesOn(cluster.hypervisor.host("h1")), []);
});

t.test("a machine that is not seen there with its last placement stays unknown", async (t) => {
  const { cluster } = await withTwin();
  await using _cluster = cluster;
  const domain = await cluster.domain("web");
  const { uid = "" } = (await cluster.machine("web")).metadata;
  const mark = { clusterId: Cluster.clusterId, uid, namespace: "default", name: "web", epoch: 1 };
  const host = { hostName: "h1", printableStatus: "Unknown" };
  await cluster.store.delete(HostKind, { name: "h1" });
  domain.remark({ ...mark, epoch: 0 });
  await cluster.settle(60_000);
  t.match((await cluster.machine("web")).status, host, "an older copy of it");
  domain.remark(undefined);
  await cluster.settle(60_000);
  t.match((await cluster.machine("web")).status, host, "somebody else's");
  domain.remark(mark);
  await cluster.settle(60_000);
  t.match((await cluster.machine("web")).status, { hostName: "rack-1", printableStatus: "Running" });
});

t.test("a name that comes after the old one has gone does as well", async (t) => {
  const { cluster, ready } = await withTwin();
  await using _cluster = cluster;
  await cluster.store.delete(HostKind, { name: "rack-1" });
  await cluster.store.delete(HostKind, { name: "h1" });
  await cluster.settle(60_000);
  t.match(await ready(), { status: "Unknown", reason: "HostUnreachable" });
  await cluster.addHost("rack-2", { uri: "fake://h1" });
  await cluster.settle(10_000);
  t.match(await ready(), { status: "True" });
  t.equal((await cluster.machine("web")).status?.hostName, "rack-2");
});
