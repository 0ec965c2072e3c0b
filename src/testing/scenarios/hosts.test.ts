import t from "tap";
import { findCondition, isTrue } from "../../schema/conditions.ts";
import { HostKind } from "../../schema/host.ts";
import { Cluster, type ClusterOptions } from "../cluster.ts";

async function running(options: ClusterOptions = {}) {
  const cluster = await Cluster.start(options);
  await cluster.addMachine("web");
  await cluster.settle(120_000);
  return { cluster, domain: await cluster.domain("web"), host: cluster.hypervisor.host("h1") };
}

t.test(
  "a host that loses power makes its machines Unknown, and they run again when it is back",
  async (t) => {
    const { cluster, domain, host } = await running();
    await using _cluster = cluster;
    host.powerOff();
    await cluster.settle(100);
    t.equal(await cluster.word("web"), "Unknown");
    t.match(findCondition((await cluster.machine("web")).status?.conditions, "Ready"), {
      status: "Unknown",
      reason: "HostUnreachable",
    });
    t.match(findCondition((await cluster.host("h1")).status?.conditions, "Ready"), {
      reason: "ConnectionLost",
    });
    await cluster.settle(600_000);
    host.powerOn();
    await cluster.settle(62_000);
    t.equal(await cluster.word("web"), "Running");
    t.equal(domain.starts, 2);
    t.ok(isTrue((await cluster.host("h1")).status?.conditions, "Ready"));
  },
);

t.test("while a host is away it costs two writes for each machine, and few attempts", async (t) => {
  const { cluster, host } = await running();
  await using _cluster = cluster;
  const before = cluster.writes;
  host.powerOff();
  await cluster.settle(3_600_000);
  t.ok(cluster.writes - before <= 4, `${cluster.writes - before} writes, the Host's included`);
});

t.test("a machine is not started elsewhere because its host is away", async (t) => {
  const { cluster, host } = await running({ hosts: [{ name: "h1" }, { name: "h2" }] });
  await using _cluster = cluster;
  host.cut();
  await cluster.settle(900_000);
  t.equal(await cluster.word("web"), "Unknown");
  t.same([...cluster.hypervisor.host("h2").domains], []);
  host.heal();
  await cluster.settle(70_000);
  t.equal(await cluster.word("web"), "Running");
  t.equal((await cluster.domain("web")).starts, 1);
});

t.test("a restart of libvirtd stops and starts nothing", async (t) => {
  const { cluster, domain, host } = await running();
  await using _cluster = cluster;
  host.dropLinks("libvirtd restarted");
  await cluster.settle(5_000);
  t.equal(await cluster.word("web"), "Running");
  t.equal(domain.starts, 1);
  domain.kill();
  await cluster.settle(100);
  t.equal(domain.starts, 2, "events are heard again");
});

t.test("what happened while the link was down is seen when it is back", async (t) => {
  const { cluster, domain, host } = await running();
  await using _cluster = cluster;
  host.dropLinks("libvirtd restarted");
  domain.kill();
  await cluster.settle(2_000);
  t.equal(domain.starts, 2);
});

t.test("attempts to reconnect come less and less often, and start anew after a success", async (t) => {
  const { cluster, host } = await running();
  await using _cluster = cluster;
  const attempts: number[] = [];
  const join = host.join.bind(host);
  host.join = (link) => {
    attempts.push(cluster.clock.monotonic());
    join(link);
  };
  host.powerOff();
  await cluster.settle(1_200_000);
  t.ok(attempts.length >= 20 && attempts.length <= 200, `${attempts.length} attempts in 20 minutes`);
  const gaps = attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0));
  t.ok(Math.max(...gaps) < 60_001);
  t.ok(Math.min(...gaps.slice(0, 2)) < 4_000);
});

t.test("a host that hangs does not delay the machines of another by a second", async (t) => {
  await using cluster = await Cluster.start({
    hosts: [
      { name: "h1", cpus: 64 },
      { name: "h2", cpus: 64 },
    ],
  });
  const names = Array.from({ length: 120 }, (_, index) => `vm-${index}`);
  for (const name of names) await cluster.addMachine(name, { cpus: 1, memory: "64Mi" });
  await cluster.settle(120_000);
  const hung = cluster.hypervisor.host("h1");
  const well = cluster.hypervisor.host("h2");
  t.equal([...hung.domains].length, 60);
  hung.faults.hang();
  for (const domain of hung.domains) domain.kill();
  await cluster.settle(5_000);
  for (let round = 0; round < 8; round++) {
    for (const domain of well.domains) domain.pause();
    await cluster.settle(900);
    const late = [...well.domains].filter((domain) => domain.observed.state !== "running");
    t.equal(late.length, 0, `round ${round}`);
    await cluster.settle(12_000);
  }
  hung.faults.unhang();
  await cluster.settle(120_000);
  t.ok([...hung.domains].every((domain) => domain.active));
  t.same(cluster.invariants.breaches, []);
});

t.test("more machines than are worked on at once all have their turn", async (t) => {
  await using cluster = await Cluster.start({ hosts: [{ name: "h1", cpus: 64 }] });
  cluster.hypervisor.host("h1").faults.latencyMs = 10;
  const names = Array.from({ length: 200 }, (_, index) => `vm-${index}`);
  for (const name of names) await cluster.addMachine(name, { cpus: 1, memory: "64Mi" });
  await cluster.settle(1_500);
  const words = await Promise.all(names.map((name) => cluster.word(name)));
  t.equal(words.filter((word) => word === "Running").length, 200);
});

t.test("auto: kvm that is claimed but does not work is found out and remembered", async (t) => {
  await using cluster = await Cluster.start({ hosts: [{ name: "h1", workingAccelerators: ["qemu"] }] });
  await cluster.addMachine("web");
  await cluster.settle();
  t.match((await cluster.host("h1")).status, { accelerator: "qemu", observedAccelerator: "auto" });
  t.equal((await cluster.domain("web")).observed.definition?.accelerator, "qemu");
  const { calls } = cluster.hypervisor.host("h1");
  t.equal(calls.get("probeAccelerator"), 1);
  await cluster.stopController();
  await cluster.startController();
  await cluster.settle(60_000);
  t.equal(calls.get("probeAccelerator"), 1);
  t.equal(await cluster.word("web"), "Running");
});

t.test("a host is not Ready while it is probed, and machines wait for the answer", async (t) => {
  await using cluster = await Cluster.start({ hosts: [] });
  const host = cluster.hypervisor.addHost({ name: "h1" });
  host.faults.latencyMs = 4_000;
  await cluster.addHost("h1");
  await cluster.addMachine("web");
  await cluster.settle(26_000);
  t.match(findCondition((await cluster.host("h1")).status?.conditions, "Ready"), {
    status: "False",
    reason: "ProbingAccelerator",
  });
  t.match(findCondition((await cluster.machine("web")).status?.conditions, "Ready"), {
    message: /with no known accelerator yet/,
  });
  host.faults.latencyMs = 0;
  await cluster.settle(10_000);
  t.ok(isTrue((await cluster.host("h1")).status?.conditions, "Ready"));
  t.equal(await cluster.word("web"), "Running");
});

t.test("a probe that could not be made is made again, and decides nothing", async (t) => {
  await using cluster = await Cluster.start({ hosts: [] });
  const host = cluster.hypervisor.addHost({ name: "h1" });
  host.faults.failNext("probeAccelerator", new Error("no space left"));
  await cluster.addHost("h1");
  await cluster.settle(5_000);
  t.equal((await cluster.host("h1")).status?.accelerator, undefined);
  await cluster.settle(15_000);
  t.equal((await cluster.host("h1")).status?.accelerator, "kvm");
});

t.test("a host's own setting is believed without a probe", async (t) => {
  await using cluster = await Cluster.start({ hosts: [] });
  const host = cluster.hypervisor.addHost({ name: "h1" });
  await cluster.addHost("h1", { accelerator: "qemu" });
  await cluster.settle();
  t.equal((await cluster.host("h1")).status?.accelerator, "qemu");
  t.equal(host.calls.get("probeAccelerator"), undefined);
  await cluster.editHost("h1", { accelerator: "auto" });
  await cluster.settle();
  t.equal((await cluster.host("h1")).status?.accelerator, "kvm");
});

t.test("a Host whose URI is another name of the same machine goes on with its machines", async (t) => {
  const { cluster, domain } = await running();
  await using _cluster = cluster;
  await cluster.editHost("h1", { uri: "fake://h1/" });
  await cluster.settle(2_000);
  t.equal(await cluster.word("web"), "Running");
  domain.kill();
  await cluster.settle(100);
  t.equal(domain.starts, 2);
});

t.test(
  "a Host whose URI leads to another machine starts nothing there that may run on the first",
  async (t) => {
    await using cluster = await Cluster.start();
    await cluster.addMachine("web");
    await cluster.settle(2_000);
    const other = cluster.hypervisor.addHost({ name: "h9" });
    await cluster.editHost("h1", { uri: "fake://h9" });
    await cluster.settle(60_000);
    t.same([...other.domains], []);
    t.equal(await cluster.word("web"), "Unknown");
    t.match(findCondition((await cluster.machine("web")).status?.conditions, "Ready"), {
      message: /it may run on the other/,
    });
    await cluster.remove("web");
    await cluster.settle(60_000);
    t.equal(await cluster.word("web"), "Terminating");
    await cluster.addMachine("new");
    await cluster.settle(1_000);
    t.equal(await cluster.word("new"), "Running", "the other machine is a host like any");
    await cluster.remove("new");
    await cluster.settle(1_000);
    await cluster.editHost("h1", { uri: "fake://h1" });
    await cluster.settle(5_000);
    t.equal(await cluster.findMachine("web"), undefined);
    t.same([...cluster.hypervisor.host("h1").domains], []);
    t.same(cluster.invariants.breaches, []);
  },
);

t.test("a host that gets a new UUID but still has the machine is believed", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web");
  await cluster.settle(2_000);
  const { definition } = (await cluster.domain("web")).observed;
  if (definition === undefined) throw new Error("no definition");
  const host = cluster.hypervisor.addHost({ name: "h1" });
  host.addDomain(definition);
  cluster.hypervisor.host("h1");
  await cluster.editHost("h1", { uri: "fake://h1/" });
  await cluster.settle(5_000);
  t.equal(await cluster.word("web"), "Running");
  t.equal((await cluster.machine("web")).status?.hostUuid, host.facts.hostUuid);
});

t.test("a Host that is deleted is let go: its machines stay as they are", async (t) => {
  const { cluster, domain, host } = await running();
  await using _cluster = cluster;
  await cluster.store.delete(HostKind, { name: "h1" });
  await cluster.settle();
  t.equal(await cluster.word("web"), "Unknown");
  t.equal(domain.observed.state, "running");
  const calls = [...host.calls.values()].reduce((sum, count) => sum + count, 0);
  await cluster.settle(300_000);
  t.equal(
    [...host.calls.values()].reduce((sum, count) => sum + count, 0),
    calls,
  );
  await cluster.addHost("h1");
  await cluster.settle();
  t.equal(await cluster.word("web"), "Running");
  t.equal(domain.starts, 1);
});
