import t from "tap";
import type { Clock } from "../../runtime/clock.ts";
import { findCondition, isTrue } from "../../schema/conditions.ts";
import { Cluster } from "../cluster.ts";
import { interceptDriver } from "../intercept-driver.ts";
import {
  addVolume,
  editVolume,
  findVolume,
  hostsWith,
  removeVolume,
  volumeStatusOf,
} from "../volume-fixture.ts";

const GiB = 2 ** 30;
const data = [{ name: "data", volume: "data" }];
const twoHosts = { hosts: [{ name: "h1" }, { name: "h2" }] };

/** The names of the disks that a machine's process has attached. */
async function live(cluster: Cluster, name: string): Promise<readonly string[]> {
  return (await cluster.domain(name)).volumes.map((volume) => volume.name);
}

async function condition(cluster: Cluster, name: string, type = "VolumesAttached") {
  return findCondition((await cluster.machine(name)).status?.conditions, type);
}

async function running(options = {}) {
  const cluster = await Cluster.start(options);
  await addVolume(cluster, "data");
  await cluster.addMachine("web");
  await cluster.settle();
  return cluster;
}

t.test("a volume comes to a running machine and goes again, and no restart is asked for", async (t) => {
  await using cluster = await running();
  const domain = await cluster.domain("web");
  await cluster.edit("web", { disks: data });
  await cluster.settle(500);
  t.same(await live(cluster, "web"), ["data"]);
  t.match(domain.observed.definition?.volumes, [{ name: "data", target: "vdaa" }]);
  t.match(await volumeStatusOf(cluster, "data"), {
    phase: "Attached",
    attachedTo: { name: "web", disk: "data" },
    conditions: [
      { type: "Ready", status: "True" },
      { type: "Attached", status: "True" },
    ],
  });
  t.match(await condition(cluster, "web"), { status: "True", reason: "Attached" });
  t.equal(await condition(cluster, "web", "RestartRequired"), undefined);
  const { writes, mutations } = cluster;
  await cluster.settle(600_000);
  t.same([cluster.writes, cluster.mutations], [writes, mutations], "and then there is peace");
  await cluster.edit("web", { disks: [] });
  await cluster.settle(500);
  t.same(await live(cluster, "web"), []);
  t.equal(domain.observed.definition?.volumes, undefined);
  t.match(await volumeStatusOf(cluster, "data"), { phase: "Available", attachedTo: undefined });
  t.equal((await cluster.machine("web")).status?.attachedVolumes, undefined);
  t.equal(await condition(cluster, "web"), undefined);
  t.equal(await condition(cluster, "web", "RestartRequired"), undefined);
  t.equal(domain.starts, 1);
  t.same(cluster.invariants.breaches, []);
});

t.test("a machine that waits for its volume starts with it, where it is", async (t) => {
  await using cluster = await Cluster.start(twoHosts);
  await cluster.addMachine("web", { disks: data });
  await cluster.settle();
  t.match(await condition(cluster, "web", "Stalled"), { reason: "VolumeNotFound" });
  t.match(await condition(cluster, "web"), { reason: "VolumeNotFound" });
  await cluster.addMachine("ballast");
  await addVolume(cluster, "data");
  await cluster.settle();
  t.equal(await cluster.word("web"), "Running");
  t.equal((await cluster.machine("web")).status?.hostName, (await volumeStatusOf(cluster, "data")).hostName);
  t.same(await live(cluster, "web"), ["data"]);
});

t.test(
  "of two machines that want one volume the first has it; the other is told who, and gets it next",
  async (t) => {
    await using cluster = await running();
    await cluster.addMachine("late", { disks: data });
    await cluster.settle();
    t.equal(await cluster.word("late"), "Running");
    await cluster.edit("web", { disks: data });
    await cluster.settle();
    t.same(await live(cluster, "web"), []);
    t.match(await condition(cluster, "web"), {
      status: "False",
      reason: "VolumeInUse",
      message: 'volume "data" is in use: machine "late" has it as disk "data"',
    });
    t.equal(await cluster.word("web"), "Running", "it goes on without");
    await cluster.remove("late");
    await cluster.settle(40_000);
    t.same(await live(cluster, "web"), ["data"]);
    t.same(cluster.invariants.breaches, []);
  },
);

t.test(
  "a volume that is lost before its machine has it is told of, and not asked for again and again",
  async (t) => {
    await using cluster = await running();
    const { volume = "" } = await volumeStatusOf(cluster, "data");
    cluster.hypervisor.host("h1").pool(Cluster.clusterId).delete(volume);
    await cluster.settle(60_000);
    await cluster.edit("web", { disks: data });
    await cluster.settle(120_000);
    t.match(await volumeStatusOf(cluster, "data"), { phase: "Lost" });
    t.match(await condition(cluster, "web"), {
      status: "False",
      reason: "VolumeNotReady",
      message: /is gone/,
    });
    const { writes, mutations } = cluster;
    await cluster.settle(300_000);
    t.strictSame([cluster.writes, cluster.mutations], [writes, mutations]);
  },
);

t.test("one that is deleted meanwhile neither: the machine says so and waits", async (t) => {
  await using cluster = await running();
  const { volume = "" } = await volumeStatusOf(cluster, "data");
  await cluster.edit("web", { disks: data });
  cluster.hypervisor.host("h1").pool(Cluster.clusterId).delete(volume);
  await cluster.settle(20);
  await removeVolume(cluster, "data");
  await cluster.settle(180_000);
  t.match(await volumeStatusOf(cluster, "data"), { phase: "Deleting" });
  t.match(await condition(cluster, "web"), { reason: "VolumeNotReady", message: /is being deleted/ });
  const { writes, mutations } = cluster;
  await cluster.settle(300_000);
  t.strictSame([cluster.writes, cluster.mutations], [writes, mutations]);
});

t.test("a machine that is deleted leaves its volumes", async (t) => {
  await using cluster = await running();
  await cluster.edit("web", { disks: data });
  await cluster.settle();
  const { volume = "" } = await volumeStatusOf(cluster, "data");
  await cluster.remove("web");
  await cluster.settle(40_000);
  t.equal(await cluster.findMachine("web"), undefined);
  t.equal((await volumeStatusOf(cluster, "data")).phase, "Available");
  t.same(hostsWith(cluster, volume), ["h1"]);
});

t.test("a volume that is deleted while a machine has it waits, and says for whom", async (t) => {
  await using cluster = await running();
  await cluster.edit("web", { disks: data });
  await cluster.settle();
  await removeVolume(cluster, "data");
  await cluster.settle(60_000);
  t.match(await volumeStatusOf(cluster, "data"), {
    phase: "Deleting",
    conditions: [
      { reason: "InUse", message: 'machine "web" has it as disk "data": remove that disk, or the machine' },
    ],
  });
  t.same(await live(cluster, "web"), ["data"]);
  await cluster.edit("web", { disks: [] });
  await cluster.settle();
  t.equal(await findVolume(cluster, "data"), undefined);
  t.same(await live(cluster, "web"), []);
});

t.test(
  "a guest that holds on to its volume is asked again, ever more rarely, and never forced",
  async (t) => {
    await using cluster = await running();
    await cluster.edit("web", { disks: data });
    await cluster.settle();
    const domain = await cluster.domain("web");
    domain.guest = { ...domain.guest, keepsVolumes: true };
    await cluster.edit("web", { disks: [] });
    await cluster.settle(600_000);
    t.same(await live(cluster, "web"), ["data"]);
    const asked = cluster.hypervisor.host("h1").calls.get("detachVolume") ?? 0;
    t.ok(asked >= 8 && asked <= 20, `asked ${asked} times in ten minutes`);
    t.match(await condition(cluster, "web"), {
      reason: "Detaching",
      message: /the guest was asked \d+ times/,
    });
    t.equal((await volumeStatusOf(cluster, "data")).phase, "Detaching");
    t.equal(cluster.events.filter(({ reason }) => reason === "VolumeDetaching").length, 1);
    domain.guest = { ...domain.guest, keepsVolumes: false };
    await cluster.settle(61_000);
    t.equal((await volumeStatusOf(cluster, "data")).phase, "Available");
  },
);

t.test(
  "a volume that was taken away by hand comes back, one that was put into the definition stays one",
  async (t) => {
    await using cluster = await running();
    await cluster.edit("web", { disks: data });
    await cluster.settle();
    const domain = await cluster.domain("web");
    const [device] = domain.volumes;
    if (device === undefined) throw new Error("it is attached");
    domain.unplugLive(device);
    await cluster.settle();
    t.same(await live(cluster, "web"), ["data"]);
    domain.unplug(device);
    await cluster.settle();
    t.same(await live(cluster, "web"), ["data"]);
    t.match(domain.observed.definition?.volumes, [device]);
    t.equal(domain.observed.definition?.volumes?.length, 1);
    t.equal(domain.starts, 1);
  },
);

t.test("a definition that somebody gave a volume of nobody's gets its own back", async (t) => {
  await using cluster = await running();
  const domain = await cluster.domain("web");
  const strange = { name: "x", volume: "somebody-elses.qcow2", format: "qcow2", target: "vdzz" } as const;
  domain.edit({ volumes: [strange] });
  await cluster.settle();
  t.equal(domain.observed.definition?.volumes, undefined);
  t.equal(domain.starts, 1);
});

t.test("places in the domain stay the same while others come and go", async (t) => {
  await using cluster = await running();
  await addVolume(cluster, "more");
  await addVolume(cluster, "third");
  const disk = (name: string) => ({ name, volume: name });
  const places = async () =>
    Object.fromEntries((await cluster.domain("web")).volumes.map(({ name, target }) => [name, target]));
  await cluster.edit("web", { disks: [disk("data"), disk("more")] });
  await cluster.settle();
  t.same(await places(), { data: "vdaa", more: "vdab" });
  await cluster.edit("web", { disks: [disk("more")] });
  await cluster.settle();
  t.same(await places(), { more: "vdab" });
  await cluster.edit("web", { disks: [disk("third"), disk("more")] });
  await cluster.settle();
  t.same(await places(), { more: "vdab", third: "vdaa" });
  (await cluster.domain("web")).kill();
  await cluster.settle();
  t.same(await places(), { third: "vdaa", more: "vdab" });
});

t.test("a machine that is off gets its volume at its next start, and gives it back at once", async (t) => {
  await using cluster = await running();
  await cluster.ask("web", "Stop");
  await cluster.edit("web", { disks: data });
  await cluster.settle();
  t.match(findCondition((await volumeStatusOf(cluster, "data")).conditions, "Attached"), {
    reason: "AtNextStart",
  });
  await cluster.ask("web", "Nothing");
  await cluster.settle();
  t.same(await live(cluster, "web"), ["data"]);
  await cluster.ask("web", "Stop");
  await cluster.settle();
  await cluster.edit("web", { disks: [] });
  await cluster.settle();
  t.equal((await cluster.domain("web")).observed.definition?.volumes, undefined);
  t.equal((await volumeStatusOf(cluster, "data")).phase, "Available");
});

t.test("a machine that nobody starts takes and gives volumes while it runs", async (t) => {
  await using cluster = await running();
  await cluster.edit("web", { runStrategy: "Manual", disks: data });
  await cluster.settle();
  t.same(await live(cluster, "web"), ["data"]);
  await cluster.edit("web", { disks: [] });
  await cluster.settle();
  t.same(await live(cluster, "web"), []);
});

t.test("a volume grows under its running machine, or at its next start", async (t) => {
  await using cluster = await running();
  await cluster.edit("web", { disks: data });
  await cluster.settle();
  await editVolume(cluster, "data", { size: "3Gi" });
  await cluster.settle(20_000);
  t.equal((await volumeStatusOf(cluster, "data")).capacityBytes, 3 * GiB);
  t.equal(cluster.hypervisor.host("h1").calls.get("growVolume"), 1);
  t.equal((await cluster.domain("web")).starts, 1);
  await cluster.ask("web", "Stop");
  await cluster.settle();
  await editVolume(cluster, "data", { size: "4Gi" });
  await cluster.settle(20_000);
  await cluster.ask("web", "Nothing");
  await cluster.settle(20_000);
  t.equal((await volumeStatusOf(cluster, "data")).capacityBytes, 4 * GiB);
});

t.test("a volume on another host is moved to its machine, with all that was written on it", async (t) => {
  await using cluster = await Cluster.start(twoHosts);
  await cluster.addMachine("web");
  await cluster.settle();
  const { hostName: home = "" } = (await cluster.machine("web")).status ?? {};
  const other = home === "h1" ? "h2" : "h1";
  await cluster.editHost(home, { unschedulable: true });
  await addVolume(cluster, "data");
  await cluster.settle();
  const { volume = "", hostName } = await volumeStatusOf(cluster, "data");
  t.equal(hostName, other);
  const pool = (name: string) => cluster.hypervisor.host(name).pool(Cluster.clusterId);
  pool(other).write(volume, new TextEncoder().encode("precious"));
  await cluster.edit("web", { disks: data });
  await cluster.settle();
  t.match(await volumeStatusOf(cluster, "data"), { phase: "Attached", hostName: home, move: undefined });
  t.same(await live(cluster, "web"), ["data"]);
  t.same(hostsWith(cluster, volume), [home]);
  t.match(Buffer.from(pool(home).read(volume)).toString(), /precious$/);
  t.equal((await cluster.host(home)).status?.allocatable?.diskBytes, 2 ** 40);
});

t.test(
  "a copy that takes hours is called off within seconds when nobody waits for it any more",
  async (t) => {
    let clock: Clock | undefined;
    await using cluster = await Cluster.start({
      ...twoHosts,
      wrapDriver: (driver) =>
        interceptDriver(driver, async ({ verb, args }, perform) => {
          const [, signal] = args;
          if (verb === "ensureContent" && signal instanceof AbortSignal)
            await clock?.sleep(36_000_000, signal);
          return perform();
        }),
    });
    clock = cluster.clock;
    await cluster.editHost("h2", { unschedulable: true });
    await addVolume(cluster, "data");
    await cluster.settle();
    await cluster.editHost("h2", { unschedulable: false });
    await cluster.editHost("h1", { unschedulable: true });
    await cluster.addMachine("web");
    await cluster.settle();
    await cluster.edit("web", { disks: data });
    await cluster.settle(60_000);
    t.match(await volumeStatusOf(cluster, "data"), {
      phase: "Moving",
      hostName: "h1",
      move: { phase: "Copying" },
    });
    t.match(await condition(cluster, "web"), { reason: "VolumeNotReady" });
    await cluster.edit("web", { disks: [] });
    await cluster.settle(20_000);
    const { volume = "", ...status } = await volumeStatusOf(cluster, "data");
    t.match(status, { phase: "Available", hostName: "h1", move: undefined, attachedTo: undefined });
    t.same(hostsWith(cluster, volume), ["h1"]);
  },
);

t.test("what a target has already under the volume's name is not written over", async (t) => {
  await using cluster = await Cluster.start(twoHosts);
  await cluster.editHost("h2", { unschedulable: true });
  await addVolume(cluster, "data");
  await cluster.settle();
  const { volume = "" } = await volumeStatusOf(cluster, "data");
  const pool = cluster.hypervisor.host("h2").pool(Cluster.clusterId);
  pool.ensure({ volume, capacityBytes: 7 });
  await cluster.editHost("h2", { unschedulable: false });
  await cluster.editHost("h1", { unschedulable: true });
  await cluster.addMachine("web");
  await cluster.settle();
  await cluster.edit("web", { disks: data });
  await cluster.settle(60_000);
  t.match(await volumeStatusOf(cluster, "data"), { hostName: "h1", move: undefined });
  t.match(findCondition((await volumeStatusOf(cluster, "data")).conditions, "Ready"), {
    message: /host "h2" has a "volume-.*" already: remove it there if it may go/,
  });
  t.match(pool.list(), [{ capacityBytes: 7 }]);
  pool.delete(volume);
  await cluster.settle(120_000);
  t.match(await volumeStatusOf(cluster, "data"), { hostName: "h2", phase: "Attached" });
});

t.test("while its host is away, an attached volume is attached nowhere else", async (t) => {
  await using cluster = await Cluster.start(twoHosts);
  await addVolume(cluster, "data");
  await cluster.addMachine("web", { disks: data });
  await cluster.settle();
  const { hostName = "", volume = "" } = await volumeStatusOf(cluster, "data");
  cluster.hypervisor.host(hostName).cut();
  await cluster.addMachine("late", { disks: data });
  await cluster.edit("web", { disks: [] });
  await cluster.settle(600_000);
  t.match(await volumeStatusOf(cluster, "data"), { phase: "Unknown", attachedTo: { name: "web" } });
  t.not(await cluster.word("late"), "Running");
  t.match(await condition(cluster, "late"), { reason: "VolumeInUse" });
  cluster.hypervisor.host(hostName).heal();
  await cluster.settle(200_000);
  t.match(await volumeStatusOf(cluster, "data"), { phase: "Attached", attachedTo: { name: "late" } });
  t.same(hostsWith(cluster, volume).length, 1);
  t.same(cluster.invariants.breaches, []);
});

t.test("an answer that is lost is followed by a look, and nothing happens twice", async (t) => {
  await using cluster = await running();
  const host = cluster.hypervisor.host("h1");
  host.faults.loseNextReply("attachVolume");
  await cluster.edit("web", { disks: data });
  await cluster.settle(5_000);
  t.same(await live(cluster, "web"), ["data"]);
  host.faults.loseNextReply("detachVolume");
  await cluster.edit("web", { disks: [] });
  await cluster.settle(5_000);
  t.same(await live(cluster, "web"), []);
  await cluster.settle(120_000);
  t.equal((await volumeStatusOf(cluster, "data")).phase, "Available");
});

t.test(
  "an attach that was given up may still come: nobody else gets the volume until it cannot",
  async (t) => {
    await using cluster = await running();
    const host = cluster.hypervisor.host("h1");
    host.faults.failNext("attachVolume", new Error("no answer"));
    for (let count = 0; count < 50; count++) host.faults.failNext("attachVolume", new Error("no answer"));
    await cluster.edit("web", { disks: data });
    await cluster.settle(500);
    await cluster.edit("web", { disks: [] });
    await cluster.settle(30_000);
    t.match(await volumeStatusOf(cluster, "data"), { attachedTo: { name: "web" } });
    await cluster.settle(90_000);
    t.equal((await volumeStatusOf(cluster, "data")).phase, "Available");
  },
);

t.test("a domain without a place for another disk says what to do", async (t) => {
  await using cluster = await running();
  const why = 'domain "web" has no place left for another disk: restart it to give it more';
  for (let count = 0; count < 50; count++) {
    cluster.hypervisor.host("h1").faults.failNext("attachVolume", new Error(why));
  }
  await cluster.edit("web", { disks: data });
  await cluster.settle();
  t.match(await condition(cluster, "web"), { status: "False", reason: "Attaching", message: why });
  t.ok(isTrue((await cluster.machine("web")).status?.conditions, "Ready"));
});
