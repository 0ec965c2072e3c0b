import t from "tap";
import { Cluster } from "../../testing/cluster.ts";
import { addVolume, volumeStatusOf } from "../../testing/volume-fixture.ts";

t.test("a volume that waits for a host is made when one comes", async (t) => {
  await using cluster = await Cluster.start({ hosts: [] });
  await addVolume(cluster, "data");
  await cluster.settle(60_000);
  t.match(await volumeStatusOf(cluster, "data"), {
    phase: "Pending",
    conditions: [{ reason: "Unschedulable" }],
  });
  cluster.hypervisor.addHost({ name: "h1" });
  await cluster.addHost("h1");
  await cluster.settle();
  t.equal((await volumeStatusOf(cluster, "data")).phase, "Available");
});

t.test("a controller that begins anew knows what was promised", async (t) => {
  await using cluster = await Cluster.start({ hosts: [{ name: "h1", diskBytes: 3 * 2 ** 30 }] });
  await addVolume(cluster, "data", { size: "2Gi" });
  await cluster.settle();
  await cluster.stopController();
  await cluster.startController();
  await addVolume(cluster, "more", { size: "2Gi" });
  await cluster.settle();
  t.equal((await volumeStatusOf(cluster, "more")).phase, "Pending");
});
