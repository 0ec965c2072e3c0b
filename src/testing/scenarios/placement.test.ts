import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import { InstanceTypeKind } from "../../schema/instance-type.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { Cluster } from "../cluster.ts";

const gib = 2 ** 30;
const small = [{ name: "h1", cpus: 4, memoryBytes: 2 * gib, diskBytes: 10 * gib }];

t.test("a machine that fits nowhere says why, and runs when a host is added", async (t) => {
  await using cluster = await Cluster.start({ hosts: small });
  await cluster.addMachine("web", { cpus: 1, memory: "3Gi" });
  await cluster.settle();
  const { status } = await cluster.machine("web");
  t.equal(status?.printableStatus, "ErrorUnschedulable");
  t.match(findCondition(status?.conditions, "Scheduled"), {
    status: "False",
    reason: "Unschedulable",
    message: "0 of 1 hosts can take it: 1 with too little memory",
  });
  cluster.hypervisor.addHost({ name: "h2", memoryBytes: 4 * gib });
  await cluster.addHost("h2");
  await cluster.settle(1_000);
  t.match((await cluster.machine("web")).status, { printableStatus: "Running", hostName: "h2" });
});

t.test("a machine that waits for room runs when another is deleted", async (t) => {
  await using cluster = await Cluster.start({ hosts: small });
  await cluster.addMachine("a", { cpus: 1, memory: "2Gi" });
  await cluster.settle();
  await cluster.addMachine("b", { cpus: 1, memory: "1Gi" });
  await cluster.settle();
  t.equal(await cluster.word("b"), "ErrorUnschedulable");
  await cluster.remove("a");
  await cluster.settle(1_000);
  t.equal(await cluster.word("b"), "Running");
});

t.test("a cordoned host takes no new machines and keeps those it has", async (t) => {
  await using cluster = await Cluster.start({ hosts: small });
  await cluster.addMachine("a");
  await cluster.settle();
  await cluster.editHost("h1", { unschedulable: true });
  await cluster.addMachine("b");
  await cluster.settle();
  t.equal(await cluster.word("a"), "Running");
  t.equal(await cluster.word("b"), "ErrorUnschedulable");
  (await cluster.domain("a")).kill();
  await cluster.settle();
  t.equal(await cluster.word("a"), "Running");
  await cluster.editHost("h1", { unschedulable: false });
  await cluster.settle(1_000);
  t.equal(await cluster.word("b"), "Running");
});

t.test("many machines at once never get more than there is", async (t) => {
  const hosts = ["h1", "h2", "h3"].map((name) => ({ name, cpus: 4, memoryBytes: 4 * gib }));
  await using cluster = await Cluster.start({ hosts });
  for (const { name } of hosts) cluster.hypervisor.host(name).faults.latencyMs = 5;
  const names = Array.from({ length: 40 }, (_, index) => `vm-${index}`);
  await Promise.all(names.map((name) => cluster.addMachine(name, { cpus: 1, memory: "512Mi" })));
  await cluster.settle(10_000);
  for (const host of cluster.hypervisor.hosts) {
    const taken = [...host.domains].reduce((sum, domain) => sum + domain.observed.memoryBytes, 0);
    t.equal(taken, 4 * gib, host.name);
  }
  const words = await Promise.all(names.map((name) => cluster.word(name)));
  t.equal(words.filter((word) => word === "Running").length, 24);
  t.equal(words.filter((word) => word === "ErrorUnschedulable").length, 16);
});

t.test(
  "what machines were promised is known after a restart, whatever became of their instance type",
  async (t) => {
    await using cluster = await Cluster.start({ hosts: small });
    await cluster.addInstanceType("big", 1, "2Gi");
    await cluster.addMachine("a", { instanceType: "big" });
    await cluster.settle();
    t.equal(await cluster.word("a"), "Running");
    await cluster.store.delete(InstanceTypeKind, { name: "big" });
    await cluster.settle();
    await cluster.stopController();
    await cluster.startController();
    await cluster.addMachine("b");
    await cluster.settle(60_000);
    t.equal(await cluster.word("a"), "Running", "it goes on with what it has");
    t.equal(await cluster.word("b"), "ErrorUnschedulable");
  },
);

t.test("a machine that grows restarts only where there is room for its new size", async (t) => {
  await using cluster = await Cluster.start({ hosts: small });
  await cluster.addMachine("a", { cpus: 1, memory: "1Gi" });
  await cluster.addMachine("b", { cpus: 1, memory: "1Gi" });
  await cluster.settle(120_000);
  await cluster.edit("a", { memory: "2Gi" });
  await cluster.settle();
  t.equal(await cluster.word("a"), "Running");
  await cluster.ask("a", "Restart");
  await cluster.settle();
  const { status } = await cluster.machine("a");
  t.equal(status?.printableStatus, "ErrorUnschedulable");
  t.match(findCondition(status?.conditions, "Ready"), { message: /no room for its present size/ });
  await cluster.remove("b");
  await cluster.settle(40_000);
  t.equal(await cluster.word("a"), "Running");
  t.match((await cluster.machine("a")).status?.allocated, { memoryBytes: 2 * gib });
  t.equal((await cluster.domain("a")).observed.memoryBytes, 2 * gib);
});

t.test("room that a running machine gives back is free after its restart, not before", async (t) => {
  await using cluster = await Cluster.start({ hosts: small });
  await cluster.addMachine("a", { cpus: 1, memory: "2Gi" });
  await cluster.settle(120_000);
  await cluster.edit("a", { memory: "1Gi" });
  await cluster.addMachine("b", { cpus: 1, memory: "1Gi" });
  await cluster.settle(40_000);
  t.equal(await cluster.word("b"), "ErrorUnschedulable");
  await cluster.ask("a", "Restart");
  await cluster.settle(40_000);
  t.equal(await cluster.word("b"), "Running");
});

t.test("a missing instance type is told, and made good by creating it", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web", { instanceType: "small" });
  await cluster.settle();
  const { status } = await cluster.machine("web");
  t.match(findCondition(status?.conditions, "Stalled"), { status: "True", reason: "InstanceTypeNotFound" });
  t.match(findCondition(status?.conditions, "Scheduled"), {
    status: "False",
    reason: "InstanceTypeNotFound",
  });
  await cluster.addInstanceType("small", 2, "1Gi");
  await cluster.settle(100);
  t.equal(await cluster.word("web"), "Running");
  t.equal((await cluster.domain("web")).observed.cpus, 2);
  t.equal(findCondition((await cluster.machine("web")).status?.conditions, "Stalled"), undefined);
});

t.test("a size that no hypervisor can count is rounded up", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web", { cpus: 1, memory: "1G" });
  await cluster.settle();
  t.equal(await cluster.word("web"), "Running");
  t.equal((await cluster.domain("web")).observed.memoryBytes, 1_000_000_512);
});

t.test("the longest names fit everywhere", async (t) => {
  await using cluster = await Cluster.start();
  const name = "a".repeat(63);
  await cluster.addMachine(name);
  await cluster.settle();
  t.equal(await cluster.word(name), "Running");
});

t.test("a placement that loses the race for the write gives its room back", async (t) => {
  await using cluster = await Cluster.start({ hosts: small });
  const vm = await cluster.addMachine("a", { cpus: 1, memory: "2Gi" });
  await cluster.store.update(VirtualMachineKind, { ...vm, metadata: { ...vm.metadata, labels: { a: "b" } } });
  await cluster.settle();
  t.equal(await cluster.word("a"), "Running");
  await cluster.remove("a");
  await cluster.addMachine("b", { cpus: 1, memory: "2Gi" });
  await cluster.settle(2_000);
  t.equal(await cluster.word("b"), "Running");
});

t.test(
  "the room of a machine that was let go by hand is free when its domain is gone, not before",
  async (t) => {
    await using cluster = await Cluster.start({ hosts: small });
    await cluster.addMachine("a", { cpus: 1, memory: "2Gi" });
    await cluster.settle();
    const domain = await cluster.domain("a");
    domain.guest = { obeysShutdown: false, shutdownMs: 0 };
    await cluster.remove("a");
    await cluster.settle();
    const vm = await cluster.machine("a");
    await cluster.store.update(VirtualMachineKind, { ...vm, metadata: { ...vm.metadata, finalizers: [] } });
    t.equal(await cluster.findMachine("a"), undefined);
    await cluster.settle(20_000);
    await cluster.addMachine("b", { cpus: 1, memory: "1Gi" });
    await cluster.settle(20_000);
    t.equal(await cluster.word("b"), "ErrorUnschedulable");
    domain.undefine();
    domain.destroy();
    await cluster.settle(2_000);
    t.equal(await cluster.word("b"), "Running");
  },
);
