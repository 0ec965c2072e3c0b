import t from "tap";
import { Cluster } from "../testing/cluster.ts";

t.test("a change of an image or an instance type calls only the machines that name it", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("waits", { disks: [{ name: "root", image: "debian" }] });
  await cluster.addMachine("typed", { instanceType: "small" });
  await cluster.settle(100);
  await cluster.addImage("debian", "a");
  await cluster.addInstanceType("small", 1, "64Mi");
  await cluster.settle(100);
  t.equal(await cluster.word("waits"), "Running");
  t.equal(await cluster.word("typed"), "Running");
});

t.test("what was promised before a restart is promised after it", async (t) => {
  await using cluster = await Cluster.start({ hosts: [{ name: "h1", memoryBytes: 2 ** 30 }] });
  await cluster.addMachine("a", { cpus: 1, memory: "700Mi" });
  await cluster.settle();
  await cluster.stopController();
  await cluster.startController();
  await cluster.addMachine("b", { cpus: 1, memory: "700Mi" });
  await cluster.settle(40_000);
  t.equal(await cluster.word("b"), "ErrorUnschedulable");
  await cluster.remove("a");
  await cluster.settle(2_000);
  t.equal(await cluster.word("b"), "Running");
});

t.test("failures on one host do not hold up the retries of machines on another", async (t) => {
  await using cluster = await Cluster.start({
    hosts: [
      { name: "bad", cpus: 512, memoryBytes: 2 ** 40 },
      { name: "good", cpus: 1, memoryBytes: 2 ** 30 },
    ],
  });
  await cluster.editHost("good", { unschedulable: true });
  const bad = cluster.hypervisor.host("bad").faults;
  for (let count = 0; count < 5_000; count++) bad.failNext("defineDomain", new Error("disk full"));
  for (let index = 0; index < 300; index++) {
    await cluster.addMachine(`bad-${index}`, { cpus: 1, memory: "16Mi" });
  }
  await cluster.settle(5_000);
  await cluster.editHost("bad", { unschedulable: true });
  await cluster.editHost("good", { unschedulable: false });
  cluster.hypervisor.host("good").faults.failNext("defineDomain", new Error("disk full for a moment"));
  await cluster.addMachine("web", { cpus: 1, memory: "16Mi" });
  await cluster.settle(1_000);
  t.equal(await cluster.word("web"), "Running");
});
