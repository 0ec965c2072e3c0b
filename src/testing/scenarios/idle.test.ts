import t from "tap";
import { Cluster } from "../cluster.ts";

t.test(
  "an hour of a cluster in which nothing happens is an hour without a write or a change on a host",
  async (t) => {
    await using cluster = await Cluster.start({ hosts: [{ name: "h1" }, { name: "h2" }] });
    await cluster.addImage("debian", "a");
    await cluster.addMachine("running", { disks: [{ name: "root", image: "debian" }], networks: [] });
    await cluster.addMachine("stopped", { runStrategy: "Halted" });
    await cluster.addMachine("manual", { runStrategy: "Manual" });
    await cluster.addMachine("done", { runStrategy: "Once" });
    await cluster.addMachine("waiting", { cpus: 512, memory: "1Gi" });
    await cluster.addMachine("imageless", { disks: [{ name: "root", image: "missing" }] });
    await cluster.addMachine("paused");
    await cluster.settle(2_000);
    (await cluster.domain("done")).stopFromInside();
    (await cluster.domain("paused")).pause("ioerror");
    await cluster.settle(120_000);
    const { writes, mutations } = cluster;
    const looks = cluster.hypervisor.host("h1").calls.get("observe") ?? 0;
    await cluster.settle(3_600_000);
    t.equal(cluster.writes - writes, 0);
    t.equal(cluster.mutations - mutations, 0);
    const more = (cluster.hypervisor.host("h1").calls.get("observe") ?? 0) - looks;
    t.ok(more >= 200 && more <= 280, `looked at ${more} times`);
    t.same(cluster.invariants.breaches, []);
  },
);

t.test("from manifest to Running takes three writes, from Running to gone two", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.settle(60_000);
  const before = cluster.writes;
  await cluster.addMachine("web");
  await cluster.settle();
  t.equal(cluster.writes - before, 3);
  await cluster.settle(70_000);
  await cluster.remove("web");
  await cluster.settle();
  t.equal(cluster.writes - before, 5);
});

t.test("a controller that starts on a cluster at rest writes and changes nothing", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web", { disks: [{ name: "root", size: "1Gi" }] });
  await cluster.settle(120_000);
  const { writes, mutations } = cluster;
  await cluster.stopController();
  await cluster.startController();
  await cluster.settle(120_000);
  t.equal(cluster.writes, writes);
  t.equal(cluster.mutations, mutations);
});

t.test("a controller that ends leaves no timer behind", async (t) => {
  const cluster = await Cluster.start();
  await cluster.addMachine("web");
  await cluster.settle();
  await cluster.stopController();
  t.equal(cluster.clock.pendingTimers, 0);
  await cluster[Symbol.asyncDispose]();
});
