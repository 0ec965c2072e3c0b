import t from "tap";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { VolumeKind } from "../../schema/volume.ts";
import { Cluster } from "../cluster.ts";
import { type Lag, laggingStore } from "../lagging-store.ts";
import { addVolume, volumeStatusOf } from "../volume-fixture.ts";

const data = [{ name: "data", volume: "data" }];

/** The older machine "b" on h2; "a" on h1 with the volume. */
async function twoMachines(lag: Lag): Promise<Cluster> {
  const cluster: Cluster = await Cluster.start({
    hosts: [{ name: "h1" }, { name: "h2" }],
    wrapStore: (store) => laggingStore(store, VolumeKind, lag, () => cluster.clock),
  });
  await cluster.editHost("h1", { unschedulable: true });
  await cluster.settle();
  await cluster.addMachine("b");
  await cluster.settle();
  await cluster.editHost("h1", { unschedulable: false });
  await cluster.editHost("h2", { unschedulable: true });
  await cluster.settle();
  await addVolume(cluster, "data");
  await cluster.addMachine("a", { disks: data });
  await cluster.settle();
  return cluster;
}

async function hasIt(cluster: Cluster, name: string): Promise<boolean> {
  return (await cluster.domain(name)).volumes.length > 0;
}

t.test("a machine that hears late of a claim that it has lost does not act on it", async (t) => {
  const lag = { watchMs: 0, writeMs: 0 };
  await using cluster = await twoMachines(lag);
  t.equal(await hasIt(cluster, "a"), true);
  cluster.hypervisor.host("h2").cut();
  await cluster.settle(60_000);
  lag.watchMs = 60_000;
  await cluster.edit("a", { disks: [] });
  await cluster.settle(5_000);
  await cluster.edit("b", { disks: data });
  await cluster.settle(5_000);
  t.match(await volumeStatusOf(cluster, "data"), { attachedTo: { name: "b" } });
  await cluster.edit("a", { disks: data });
  await cluster.settle(30_000);
  t.equal(await hasIt(cluster, "a"), false);
  lag.watchMs = 0;
  cluster.hypervisor.host("h2").heal();
  await cluster.settle(400_000);
  t.same([await hasIt(cluster, "a"), await hasIt(cluster, "b")], [false, true]);
  t.same(cluster.invariants.breaches, []);
});

t.test("a machine that takes its volume back while the claim is given up keeps it", async (t) => {
  const lag = { watchMs: 0, writeMs: 0 };
  await using cluster = await twoMachines(lag);
  await cluster.edit("b", { disks: data });
  await cluster.settle();
  lag.writeMs = 2_000;
  await cluster.edit("a", { disks: [] });
  // The first write says that it detaches, the second is about the claim.
  await cluster.settle(3_000);
  t.equal(await hasIt(cluster, "a"), false);
  await cluster.edit("a", { disks: data });
  await cluster.settle(500);
  t.equal(await hasIt(cluster, "a"), true, "before anybody has heard that it let go");
  await cluster.settle(30_000);
  t.match(await volumeStatusOf(cluster, "data"), { attachedTo: { name: "a" } });
  lag.writeMs = 0;
  await cluster.settle(400_000);
  t.same([await hasIt(cluster, "a"), await hasIt(cluster, "b")], [true, false]);
  t.same(cluster.invariants.breaches, []);
});

t.test(
  "a machine that was heard to want a volume, and does not any more, does not get it again",
  async (t) => {
    const lag = { watchMs: 0, writeMs: 0 };
    await using cluster: Cluster = await Cluster.start({
      wrapStore: (store) => laggingStore(store, VirtualMachineKind, lag, () => cluster.clock),
    });
    await addVolume(cluster, "data");
    await cluster.addMachine("a", { disks: data });
    await cluster.settle();
    t.equal(await hasIt(cluster, "a"), true);
    lag.watchMs = 60_000;
    await cluster.edit("a", { disks: [] });
    const before = cluster.writes;
    await cluster.settle(45_000);
    t.equal(await hasIt(cluster, "a"), false);
    t.match(await volumeStatusOf(cluster, "data"), { phase: "Available" });
    t.ok(cluster.writes - before < 10, `${cluster.writes - before} writes`);
    lag.watchMs = 0;
    await cluster.settle(120_000);
    t.same(cluster.invariants.breaches, []);
  },
);
