import t from "tap";
import type { OwnershipMark } from "../../drivers/driver.ts";
import { findCondition, isTrue } from "../../schema/conditions.ts";
import { Cluster } from "../cluster.ts";

/** A cluster with a machine that has a uid but nothing on any host, until it is let run. */
async function withHaltedMachine() {
  const cluster = await Cluster.start();
  const { metadata } = await cluster.addMachine("web", {
    runStrategy: "Halted",
    disks: [{ name: "root", size: "1Gi" }],
  });
  await cluster.settle();
  const letRun = () => cluster.edit("web", { runStrategy: "Always" });
  return { cluster, uid: metadata.uid ?? "", host: cluster.hypervisor.host("h1"), letRun };
}

t.test(
  "a foreign domain with a machine's UUID is a conflict: nothing is touched until it is removed",
  async (t) => {
    const { cluster, uid, host, letRun } = await withHaltedMachine();
    await using _cluster = cluster;
    const foreign = host.addDomain({ uid, domainName: "somebodys", running: true });
    await cluster.settle(20_000);
    const { mutations } = cluster;
    await letRun();
    await cluster.settle(120_000);
    const { status } = await cluster.machine("web");
    t.match(findCondition(status?.conditions, "Conflict"), { status: "True", message: /somebodys/ });
    t.equal(isTrue(status?.conditions, "Ready"), false);
    t.equal(cluster.mutations, mutations);
    t.equal(foreign.observed.state, "running");
    foreign.destroy();
    foreign.undefine();
    await cluster.settle(1_000);
    t.equal(await cluster.word("web"), "Running");
    t.equal(findCondition((await cluster.machine("web")).status?.conditions, "Conflict"), undefined);
  },
);

t.test("a foreign domain with the name that a machine's domain is to get is a conflict, too", async (t) => {
  const { cluster, uid, host, letRun } = await withHaltedMachine();
  await using _cluster = cluster;
  const domainName = `default-web-${uid.slice(0, 8)}`;
  const foreign = host.addDomain({ uid: "11111111-1111-4111-8111-111111111111", domainName });
  await cluster.settle(20_000);
  await letRun();
  await cluster.settle(60_000);
  const { status } = await cluster.machine("web");
  t.match(findCondition(status?.conditions, "Conflict"), {
    status: "True",
    message: /rename or undefine it/,
  });
  t.equal(cluster.mutations, 0);
  t.equal(foreign.observed.domainName, domainName);
  foreign.undefine();
  await cluster.settle(40_000);
  t.equal(await cluster.word("web"), "Running");
});

t.test("a machine whose domain loses its mark is let go, and taken back with the mark", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web");
  await cluster.settle();
  const domain = await cluster.domain("web");
  const { mark } = domain.observed;
  domain.remark(undefined);
  await cluster.settle();
  t.ok(isTrue((await cluster.machine("web")).status?.conditions, "Conflict"));
  await cluster.ask("web", "Stop");
  await cluster.settle(60_000);
  t.equal(domain.observed.state, "running");
  domain.remark(mark);
  await cluster.settle(60_000);
  t.equal(domain.observed.state, "shutoff");
  t.same(cluster.invariants.breaches, []);
});

t.test("a domain of another cluster is foreign", async (t) => {
  const { cluster, uid, host, letRun } = await withHaltedMachine();
  await using _cluster = cluster;
  const mark: OwnershipMark = { clusterId: "other", namespace: "default", name: "web", uid, epoch: 1 };
  host.addDomain({ uid, domainName: "theirs", mark, running: true });
  await cluster.settle(20_000);
  await letRun();
  await cluster.settle(20_000);
  t.ok(isTrue((await cluster.machine("web")).status?.conditions, "Conflict"));
  await cluster.remove("web");
  await cluster.settle(60_000);
  t.equal(await cluster.word("web"), "Terminating", "what cannot be told apart is not finished");
  t.equal(cluster.mutations, 0);
});

t.test("a machine that runs on another host is not started a second time, nor forgotten", async (t) => {
  await using cluster = await Cluster.start({ hosts: [{ name: "h1" }, { name: "h2" }] });
  await cluster.addMachine("web");
  await cluster.settle();
  const domain = await cluster.domain("web");
  const { definition } = domain.observed;
  if (definition === undefined) throw new Error("no definition");
  // Migrated by hand.
  const moved = cluster.hypervisor.host("h2").addDomain(definition);
  moved.start();
  domain.destroy();
  domain.undefine();
  await cluster.settle(20_000);
  const { status } = await cluster.machine("web");
  t.match(findCondition(status?.conditions, "Conflict"), { message: /has a process on host "h2"/ });
  await cluster.remove("web");
  await cluster.settle(60_000);
  t.ok(await cluster.findMachine("web"));
  t.equal(moved.observed.state, "running");
  moved.destroy();
  await cluster.settle(60_000);
  t.equal(await cluster.findMachine("web"), undefined);
  t.same(cluster.invariants.breaches, []);
});

t.test("a domain of ours whose machine is unknown is told of on its Host and left alone", async (t) => {
  await using cluster = await Cluster.start();
  const host = cluster.hypervisor.host("h1");
  const uid = "22222222-2222-4222-8222-222222222222";
  const mark = { clusterId: Cluster.clusterId, namespace: "default", name: "lost", uid, epoch: 1 };
  const before = (await cluster.host("h1")).status?.allocatable?.memoryBytes ?? 0;
  const orphan = host.addDomain({ uid, domainName: "default-lost-22222222", mark, running: true });
  await cluster.settle(1_000);
  const { status } = await cluster.host("h1");
  t.match(findCondition(status?.conditions, "OrphanDomains"), { status: "True", message: /default-lost/ });
  t.equal(
    status?.allocatable?.memoryBytes,
    before - orphan.observed.memoryBytes,
    "what it takes is not given away",
  );
  await cluster.settle(300_000);
  t.equal(orphan.observed.state, "running");
  t.equal(cluster.mutations, 0);
  orphan.undefine();
  orphan.destroy();
  await cluster.settle(1_000);
  t.equal(findCondition((await cluster.host("h1")).status?.conditions, "OrphanDomains"), undefined);
});

t.test("what foreign domains take is not given to machines", async (t) => {
  await using cluster = await Cluster.start({ hosts: [{ name: "h1", memoryBytes: 2 ** 30 }] });
  const host = cluster.hypervisor.host("h1");
  const foreign = host.addDomain({
    uid: "11111111-1111-4111-8111-111111111111",
    domainName: "big",
    memoryBytes: 2 ** 29 + 2 ** 20,
    running: true,
  });
  await cluster.settle(1_000);
  t.match((await cluster.host("h1")).status, { foreignDomains: { total: 1, active: 1 } });
  await cluster.addMachine("web");
  await cluster.settle(1_000);
  t.equal(await cluster.word("web"), "ErrorUnschedulable");
  foreign.destroy();
  await cluster.settle(2_000);
  t.equal(await cluster.word("web"), "Running");
});
