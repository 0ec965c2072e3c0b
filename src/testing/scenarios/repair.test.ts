import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { findCondition, isTrue } from "../../schema/conditions.ts";
import { Cluster } from "../cluster.ts";

async function running(spec: Record<string, unknown> = {}) {
  const cluster = await Cluster.start();
  await cluster.addMachine("web", spec);
  await cluster.settle(120_000);
  return { cluster, domain: await cluster.domain("web"), host: cluster.hypervisor.host("h1") };
}

t.test("a killed guest runs again at once when its host says so", async (t) => {
  const { cluster, domain } = await running();
  await using _cluster = cluster;
  domain.kill();
  await cluster.settle(10);
  t.equal(domain.starts, 2);
  t.equal(await cluster.word("web"), "Running");
  t.match(cluster.events, [{ reason: "Restarted", message: "its domain is shut off (crashed)" }]);
});

t.test("without any event a killed guest runs again at the next look at its host", async (t) => {
  const { cluster, domain, host } = await running();
  await using _cluster = cluster;
  host.faults.dropHints = true;
  domain.kill();
  await cluster.settle(17_000);
  t.equal(domain.starts, 2);
  t.equal(await cluster.word("web"), "Running");
});

t.test("events that come too late or for nothing change nothing", async (t) => {
  const { cluster, domain, host } = await running();
  await using _cluster = cluster;
  const { writes, mutations } = cluster;
  for (let count = 0; count < 20; count++) {
    domain.edit({});
    await cluster.settle(10);
  }
  t.equal(cluster.writes, writes);
  t.equal(cluster.mutations, mutations);
  t.ok((host.calls.get("observeDomain") ?? 0) >= 20);
});

t.test("a paused guest is resumed", async (t) => {
  const { cluster, domain } = await running();
  await using _cluster = cluster;
  domain.pause();
  await cluster.settle(10);
  t.equal(domain.observed.state, "running");
  t.match(cluster.events, [{ reason: "Resumed", message: "it was paused (user)" }]);
});

t.test("a guest that was paused by an I/O error is left alone and told of", async (t) => {
  const { cluster, domain } = await running();
  await using _cluster = cluster;
  domain.pause("ioerror");
  await cluster.settle(1_000);
  const vm = await cluster.machine("web");
  t.equal(vm.status?.printableStatus, "Paused");
  t.match(findCondition(vm.status?.conditions, "Paused"), { status: "True", reason: "GuestPaused" });
  t.equal(isTrue(vm.status?.conditions, "Ready"), false);
  const { writes, mutations } = cluster;
  await cluster.settle(600_000);
  t.equal(cluster.writes, writes);
  t.equal(cluster.mutations, mutations);
  domain.resume();
  await cluster.settle(10);
  t.equal(await cluster.word("web"), "Running");
  t.equal(findCondition((await cluster.machine("web")).status?.conditions, "Paused"), undefined);
});

for (const dropHints of [false, true]) {
  t.test(`a definition edited by hand is put right ${dropHints ? "without" : "with"} an event`, async (t) => {
    const { cluster, domain, host } = await running();
    await using _cluster = cluster;
    host.faults.dropHints = dropHints;
    domain.edit({ cpus: 7 });
    await cluster.settle(dropHints ? 17_000 : 10);
    t.equal(domain.observed.definition?.cpus, 1);
    t.equal(domain.starts, 1);
    t.match(cluster.events, [{ reason: "Redefined", message: "its definition differs in cpus" }]);
  });
}

t.test("a running domain that was undefined by hand is defined again", async (t) => {
  const { cluster, domain } = await running();
  await using _cluster = cluster;
  domain.undefine();
  await cluster.settle(10);
  t.equal(domain.persistent, true);
  t.equal(domain.starts, 1);
});

t.test("a spec edited while the guest runs is applied when that is asked for", async (t) => {
  const { cluster, domain } = await running({ disks: [{ name: "root", size: "1Gi" }] });
  await using _cluster = cluster;
  await cluster.edit("web", { cpus: 2, disks: [{ name: "root", size: "3Gi" }] });
  await cluster.settle();
  const changed = await cluster.machine("web");
  t.equal(domain.observed.definition?.cpus, 2);
  t.equal(domain.starts, 1);
  t.match(findCondition(changed.status?.conditions, "RestartRequired"), { reason: "SpecChanged" });
  const capacity = () => cluster.hypervisor.host("h1").pool(Cluster.clusterId).list()[0]?.capacityBytes;
  t.equal(capacity(), 2 ** 30, "a disk does not grow under a running guest");
  await cluster.ask("web", "Restart");
  await cluster.settle();
  t.equal(domain.starts, 2);
  t.equal(capacity(), 3 * 2 ** 30);
  const restarted = await cluster.machine("web");
  t.equal(findCondition(restarted.status?.conditions, "RestartRequired"), undefined);
  t.match(restarted.status, { printableStatus: "Running", allocated: { cpus: 2, diskBytes: 3 * 2 ** 30 } });
});

t.test("a spec edited and edited back needs no restart", async (t) => {
  const { cluster } = await running();
  await using _cluster = cluster;
  await cluster.edit("web", { cpus: 2 });
  await cluster.settle();
  await cluster.edit("web", { cpus: 1 });
  await cluster.settle();
  const { status } = await cluster.machine("web");
  t.equal(findCondition(status?.conditions, "RestartRequired"), undefined);
});

t.test("a disk added while the guest runs is made, and attached at the next start", async (t) => {
  const { cluster, host } = await running();
  await using _cluster = cluster;
  await cluster.edit("web", { disks: [{ name: "data", size: "1Gi" }] });
  await cluster.settle();
  t.equal(cluster.volumesOn(host).length, 1);
  t.match((await cluster.machine("web")).status?.volumes, [{ disk: "data", made: true }]);
  t.ok(isTrue((await cluster.machine("web")).status?.conditions, "RestartRequired"));
});

t.test("a volume that was there and is gone is not replaced by an empty one", async (t) => {
  const { cluster, domain, host } = await running({ disks: [{ name: "root", size: "1Gi" }] });
  await using _cluster = cluster;
  const pool = host.pool(Cluster.clusterId);
  const [volume = ""] = cluster.volumesOn(host);
  pool.delete(volume);
  await cluster.settle(20_000);
  t.equal(await cluster.word("web"), "Running", "the guest has the file open still");
  domain.kill();
  await cluster.settle(20_000);
  const { status } = await cluster.machine("web");
  t.match(findCondition(status?.conditions, "Ready"), { status: "False", reason: "VolumeMissing" });
  t.match(findCondition(status?.conditions, "Stalled"), { status: "True", reason: "VolumeMissing" });
  t.same(cluster.volumesOn(host), []);
  t.equal(domain.starts, 1);
  pool.ensure({ volume, capacityBytes: 2 ** 30 });
  await cluster.settle(40_000);
  t.equal(await cluster.word("web"), "Running", "it is back");
});

t.test("a busy domain is tried again", async (t) => {
  const { cluster, domain } = await running();
  await using _cluster = cluster;
  domain.busy = true;
  domain.pause();
  await cluster.settle(2_000);
  t.equal(domain.observed.state, "paused");
  domain.busy = false;
  await cluster.settle(16_000);
  t.equal(domain.observed.state, "running");
});

t.test("a step that fails is told and tried again with growing delays", async (t) => {
  await using cluster = await Cluster.start();
  const { faults, calls } = cluster.hypervisor.host("h1");
  for (let count = 0; count < 6; count++) {
    faults.failNext("ensureVolume", new StatusError("InternalError", "no space left on device"));
  }
  await cluster.addMachine("web", { disks: [{ name: "root", size: "1Gi" }] });
  await cluster.settle(1_000);
  t.match((await cluster.machine("web")).status, { printableStatus: "Provisioning" });
  const ready = findCondition((await cluster.machine("web")).status?.conditions, "Ready");
  t.match(ready, { status: "False", message: "no space left on device" });
  t.ok((calls.get("ensureVolume") ?? 0) <= 5);
  await cluster.settle(20_000);
  t.equal(await cluster.word("web"), "Running");
});

t.test("a start whose answer was lost is not made twice", async (t) => {
  await using cluster = await Cluster.start();
  cluster.hypervisor.host("h1").faults.loseNextReply("startDomain");
  await cluster.addMachine("web");
  await cluster.settle(5_000);
  t.equal((await cluster.domain("web")).starts, 1);
  t.equal(await cluster.word("web"), "Running");
  t.equal((await cluster.machine("web")).status?.startFailure, undefined);
});

t.test("a change of the spec in the middle of a start loses nothing of what was done", async (t) => {
  await using cluster = await Cluster.start();
  const { faults } = cluster.hypervisor.host("h1");
  faults.failNext("startDomain", new Error("no memory"));
  faults.latencyMs = 50;
  await cluster.addMachine("job", { runStrategy: "Once" });
  await cluster.settle(250);
  await cluster.edit("job", { terminationGracePeriodSeconds: 5 });
  await cluster.ask("job", "Stop");
  await cluster.settle(1_000);
  t.match((await cluster.machine("job")).status, {
    started: false,
    startFailure: { message: "no memory" },
    runOverride: { action: "Stop" },
  });
  await cluster.ask("job", "Nothing");
  await cluster.settle(12_000);
  t.equal(await cluster.word("job"), "Running");
});
