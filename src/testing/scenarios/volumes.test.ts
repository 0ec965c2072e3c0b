import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import { HostKind } from "../../schema/host.ts";
import { Cluster } from "../cluster.ts";
import {
  addVolume,
  editVolume,
  findVolume,
  hostsWith,
  removeVolume,
  volumeStatusOf,
} from "../volume-fixture.ts";

const GiB = 2 ** 30;

t.test("a volume is made at once on the host with the most free disk, and says so", async (t) => {
  await using cluster = await Cluster.start({
    hosts: [
      { name: "h1", diskBytes: 10 * GiB },
      { name: "h2", diskBytes: 20 * GiB },
    ],
  });
  const { metadata } = await addVolume(cluster, "data");
  await cluster.settle(100);
  const file = `volume-${metadata.uid}.qcow2`;
  t.match(await volumeStatusOf(cluster, "data"), {
    phase: "Available",
    hostName: "h2",
    volume: file,
    capacityBytes: GiB,
    conditions: [{ type: "Ready", status: "True", message: '1Gi on host "h2"' }],
  });
  t.same(hostsWith(cluster, file), ["h2"]);
  // The host's next look tells how full its pool is now.
  await cluster.settle(30_000);
  const { writes, mutations } = cluster;
  await cluster.settle(600_000);
  t.same([cluster.writes, cluster.mutations], [writes, mutations], "and then there is peace");
});

t.test("volumes made at the same time share out the room", async (t) => {
  await using cluster = await Cluster.start({
    hosts: ["h1", "h2"].map((name) => ({ name, diskBytes: 10 * GiB })),
  });
  await Promise.all(["a", "b", "c", "d"].map((name) => addVolume(cluster, name, { size: "4Gi" })));
  await addVolume(cluster, "e", { size: "4Gi" });
  await cluster.settle();
  const places = await Promise.all(
    ["a", "b", "c", "d"].map(async (name) => (await volumeStatusOf(cluster, name)).hostName),
  );
  t.same(places.toSorted(), ["h1", "h1", "h2", "h2"]);
  t.match(await volumeStatusOf(cluster, "e"), {
    phase: "Pending",
    conditions: [{ reason: "Unschedulable", message: "0 of 2 hosts can take it: 2 with too little disk" }],
  });
  await removeVolume(cluster, "a");
  await cluster.settle();
  t.equal((await volumeStatusOf(cluster, "e")).phase, "Available");
});

t.test("a volume that is deleted is gone, data and object", async (t) => {
  await using cluster = await Cluster.start();
  const { metadata } = await addVolume(cluster, "data");
  await cluster.settle();
  await removeVolume(cluster, "data");
  await cluster.settle();
  t.equal(await findVolume(cluster, "data"), undefined);
  t.same(hostsWith(cluster, `volume-${metadata.uid}.qcow2`), []);
  t.same(cluster.invariants.breaches, []);
});

t.test("a volume on a host that does not answer is not let go until it is deleted there", async (t) => {
  await using cluster = await Cluster.start();
  const host = cluster.hypervisor.host("h1");
  const { metadata } = await addVolume(cluster, "data");
  await cluster.settle();
  host.powerOff();
  await cluster.settle();
  t.equal((await volumeStatusOf(cluster, "data")).phase, "Unknown");
  await removeVolume(cluster, "data");
  await cluster.settle(300_000);
  t.match(await volumeStatusOf(cluster, "data"), { phase: "Deleting", hostName: "h1" });
  await cluster.store.delete(HostKind, { name: "h1" });
  await cluster.settle(60_000);
  t.match(findCondition((await volumeStatusOf(cluster, "data")).conditions, "Ready"), {
    reason: "HostUnreachable",
    message: /add it again/,
  });
  host.powerOn();
  await cluster.addHost("h1");
  await cluster.settle(120_000);
  t.equal(await findVolume(cluster, "data"), undefined);
  t.same(hostsWith(cluster, `volume-${metadata.uid}.qcow2`), []);
});

t.test("a volume grows when its spec does", async (t) => {
  await using cluster = await Cluster.start();
  await addVolume(cluster, "data");
  await cluster.settle();
  await editVolume(cluster, "data", { size: "3Gi" });
  await cluster.settle();
  t.equal((await volumeStatusOf(cluster, "data")).capacityBytes, 3 * GiB);
});

t.test("data that is gone from its host is lost, and no empty volume takes its place", async (t) => {
  await using cluster = await Cluster.start();
  const host = cluster.hypervisor.host("h1");
  const { metadata } = await addVolume(cluster, "data");
  await cluster.settle();
  const file = `volume-${metadata.uid}.qcow2`;
  host.pool(Cluster.clusterId).delete(file);
  await cluster.settle(60_000);
  t.match(await volumeStatusOf(cluster, "data"), { phase: "Lost" });
  t.same(hostsWith(cluster, file), []);
});

t.test("a host that cannot make it now is asked again", async (t) => {
  await using cluster = await Cluster.start();
  const host = cluster.hypervisor.host("h1");
  host.faults.failNext("ensureVolume", new Error("no space left on device"));
  host.faults.loseNextReply("ensureVolume");
  await addVolume(cluster, "data");
  await cluster.settle(50);
  t.match(await volumeStatusOf(cluster, "data"), {
    phase: "Pending",
    conditions: [{ message: "no space left on device" }],
  });
  await cluster.settle();
  t.equal((await volumeStatusOf(cluster, "data")).phase, "Available");
});

t.test("another machine under the host's name does not lose the data for us", async (t) => {
  await using cluster = await Cluster.start();
  await addVolume(cluster, "data");
  await cluster.settle();
  cluster.hypervisor.removeHost("h1");
  cluster.hypervisor.addHost({ name: "h1" });
  await cluster.settle(120_000);
  t.match(await volumeStatusOf(cluster, "data"), { phase: "Unknown" });
  await removeVolume(cluster, "data");
  await cluster.settle(120_000);
  t.equal((await volumeStatusOf(cluster, "data")).phase, "Deleting");
});
