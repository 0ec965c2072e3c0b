import t from "tap";
import { HostKind } from "../../schema/host.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { Cluster, type ClusterOptions } from "../cluster.ts";

const disks = [{ name: "root", size: "1Gi" }];

async function running(options: ClusterOptions = {}) {
  const cluster = await Cluster.start(options);
  await cluster.addMachine("web", { disks });
  await cluster.settle(2_000);
  return { cluster, domain: await cluster.domain("web"), host: cluster.hypervisor.host("h1") };
}

async function isGone(cluster: Cluster): Promise<boolean> {
  const host = cluster.hypervisor.host("h1");
  const left = [...host.domains].length + cluster.volumesOn(host).length;
  return left === 0 && (await cluster.findMachine("web")) === undefined;
}

t.test("a machine without a host is gone at once", async (t) => {
  await using cluster = await Cluster.start({ hosts: [] });
  await cluster.addMachine("web");
  await cluster.settle();
  t.equal(await cluster.word("web"), "ErrorUnschedulable");
  await cluster.remove("web");
  await cluster.settle(0);
  t.equal(await cluster.findMachine("web"), undefined);
});

t.test("a machine that is deleted while it is being made leaves nothing", async (t) => {
  for (const afterMs of [0, 30, 90, 150, 210, 270, 330]) {
    await using cluster = await Cluster.start();
    cluster.hypervisor.host("h1").faults.latencyMs = 25;
    await cluster.addMachine("web", { disks });
    await cluster.settle(afterMs);
    await cluster.remove("web");
    await cluster.settle(5_000);
    t.ok(await isGone(cluster), `after ${afterMs} ms`);
  }
});

t.test("a running machine is shut down and removed with its disks", async (t) => {
  const { cluster, domain } = await running();
  await using _cluster = cluster;
  domain.guest = { obeysShutdown: true, shutdownMs: 4_000 };
  await cluster.remove("web");
  await cluster.settle(3_000);
  t.equal(await cluster.word("web"), "Terminating");
  t.equal(domain.observed.state, "running");
  await cluster.settle(1_100);
  t.ok(await isGone(cluster));
  t.equal(domain.observed.reason, "shutdown");
});

t.test("a guest that does not obey is forced off and removed", async (t) => {
  const { cluster, domain } = await running();
  await using _cluster = cluster;
  domain.guest = { obeysShutdown: false, shutdownMs: 0 };
  await cluster.remove("web");
  await cluster.settle(29_000);
  t.equal(domain.observed.state, "running");
  await cluster.settle(3_000);
  t.ok(await isGone(cluster));
});

t.test("a paused machine is removed", async (t) => {
  const { cluster, domain } = await running();
  await using _cluster = cluster;
  domain.pause("ioerror");
  await cluster.settle();
  await cluster.remove("web");
  await cluster.settle(1_000);
  t.ok(await isGone(cluster));
});

t.test("a machine in a crash loop, and one whose volume is missing, are removed", async (t) => {
  const { cluster, domain, host } = await running();
  await using _cluster = cluster;
  domain.kill();
  await cluster.settle();
  host.pool(Cluster.clusterId).delete(cluster.volumesOn(host)[0] ?? "");
  domain.kill();
  await cluster.settle(16_000);
  await cluster.remove("web");
  await cluster.settle(1_000);
  t.ok(await isGone(cluster));
});

t.test("on a host that cannot be reached it stays Terminating until the host is back", async (t) => {
  const { cluster, host } = await running();
  await using _cluster = cluster;
  host.powerOff();
  await cluster.settle();
  t.equal(await cluster.word("web"), "Unknown");
  await cluster.remove("web");
  await cluster.settle(300_000);
  t.equal(await cluster.word("web"), "Terminating");
  host.powerOn();
  await cluster.settle(70_000);
  t.ok(await isGone(cluster));
});

t.test("without its Host object it stays Terminating until that is back", async (t) => {
  const { cluster, domain } = await running();
  await using _cluster = cluster;
  await cluster.store.delete(HostKind, { name: "h1" });
  await cluster.settle();
  t.equal(await cluster.word("web"), "Unknown");
  await cluster.remove("web");
  await cluster.settle(60_000);
  t.equal(await cluster.word("web"), "Terminating");
  t.equal(domain.observed.state, "running");
  await cluster.addHost("h1");
  await cluster.settle(5_000);
  t.ok(await isGone(cluster));
});

t.test("a disk that was taken out of the spec is removed with the machine", async (t) => {
  const { cluster, host } = await running();
  await using _cluster = cluster;
  await cluster.edit("web", { disks: [] });
  await cluster.settle();
  t.equal(cluster.volumesOn(host).length, 1, "but not before");
  await cluster.remove("web");
  await cluster.settle();
  t.ok(await isGone(cluster));
});

t.test("a volume whose making had no known outcome is removed with the machine", async (t) => {
  await using cluster = await Cluster.start();
  const host = cluster.hypervisor.host("h1");
  host.faults.loseNextReply("ensureVolume");
  await cluster.addMachine("web", { disks });
  await cluster.settle(5);
  await cluster.remove("web");
  await cluster.settle(600_000); // what was not answered may still come
  t.ok(await isGone(cluster));
});

t.test("a machine that is made anew under its name is another machine", async (t) => {
  const { cluster, domain } = await running();
  await using _cluster = cluster;
  await cluster.remove("web");
  await cluster.settle();
  await cluster.addMachine("web", { disks });
  await cluster.settle();
  const next = await cluster.domain("web");
  t.not(next.uid, domain.uid);
  t.equal(await cluster.word("web"), "Running");
});

t.test("another's finalizer keeps the object, and nothing of the machine", async (t) => {
  const { cluster, host } = await running();
  await using _cluster = cluster;
  const vm = await cluster.machine("web");
  const finalizers = [...(vm.metadata.finalizers ?? []), "example.org/audit"];
  await cluster.store.update(VirtualMachineKind, { ...vm, metadata: { ...vm.metadata, finalizers } });
  await cluster.remove("web");
  await cluster.settle(5_000);
  t.same([...host.domains], []);
  t.same((await cluster.machine("web")).metadata.finalizers, ["example.org/audit"]);
  const { writes, mutations } = cluster;
  await cluster.settle(120_000);
  t.equal(cluster.writes, writes);
  t.equal(cluster.mutations, mutations);
});

t.test("a domain that came back unheard of is found before the machine is let go", async (t) => {
  const { cluster, domain, host } = await running();
  await using _cluster = cluster;
  const { definition } = domain.observed;
  if (definition === undefined) throw new Error("no definition");
  await cluster.edit("web", { runStrategy: "Halted" });
  await cluster.settle();
  domain.undefine();
  await cluster.settle();
  host.faults.dropHints = true;
  host.addDomain(definition);
  await cluster.remove("web");
  await cluster.settle(100);
  t.ok(await isGone(cluster));
});

t.test("who deletes a machine may give its guest another time, and later less", async (t) => {
  const { cluster, domain } = await running();
  await using _cluster = cluster;
  domain.guest = { obeysShutdown: false, shutdownMs: 0 };
  const machine = { namespace: "default", name: "web" };
  await cluster.store.delete(VirtualMachineKind, machine, { gracePeriodSeconds: 120 });
  await cluster.settle(100_000);
  t.equal(domain.observed.state, "running", "its own 30 s are over");
  await cluster.store.delete(VirtualMachineKind, machine, { gracePeriodSeconds: 0 });
  await cluster.settle(3_000);
  t.ok(await isGone(cluster));
});
