import { deepEqual } from "../../runtime/equal.ts";
import { StatusError } from "../../runtime/errors.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { VolumeKind } from "../../schema/volume.ts";
import { Cluster } from "../cluster.ts";
import { CrashPoint } from "../crash-point.ts";
import { quick } from "../seeds.ts";
import { inThread, type Report } from "../simulation.ts";
import { addVolume, editVolume, findVolume, removeVolume } from "../volume-fixture.ts";

/** What clients and fate do, one thing after another. */
type Workload = readonly ((cluster: Cluster) => unknown)[];

const stride = quick ? 4 : 1;

export const onlyOnce = "run once";
export const mayStay = "a host that cannot start it, where its disks are";

const disks = [
  { name: "root", image: "debian" },
  { name: "data", size: "1Gi" },
];

const onFirst = { "ostler.dev/hostname": "h1" };

/** By name. */
export const workloads: Readonly<Record<string, Workload>> = {
  "create with disks of an image and blank": [(cluster) => cluster.addMachine("web", { disks })],
  "create and delete": [
    (cluster) => cluster.addMachine("web", { disks }),
    (cluster) => cluster.remove("web"),
  ],
  "delete at once": [
    async (cluster) => {
      await cluster.addMachine("web", { disks });
      await cluster.settle(0);
      await cluster.remove("web");
    },
  ],
  "edit the spec, grow a disk and restart": [
    (cluster) => cluster.addMachine("web", { disks }),
    (cluster) => cluster.edit("web", { cpus: 2, disks: [disks[0], { name: "data", size: "2Gi" }] }),
    (cluster) => cluster.ask("web", "Restart"),
  ],
  "repair after a kill and an edit by hand": [
    (cluster) => cluster.addMachine("web", { disks }),
    async (cluster) => (await cluster.domain("web")).kill(),
    async (cluster) => (await cluster.domain("web")).edit({ cpus: 4 }),
  ],
  [onlyOnce]: [(cluster) => cluster.addMachine("web", { runStrategy: "Once" })],
  "stop by force and start": [
    (cluster) => cluster.addMachine("web", { terminationGracePeriodSeconds: 3 }),
    async (cluster) => {
      (await cluster.domain("web")).guest = { obeysShutdown: false, shutdownMs: 0 };
      await cluster.ask("web", "Stop");
    },
    (cluster) => cluster.ask("web", "Nothing"),
  ],
  "a host that cannot start it": [(cluster) => addWhereNothingStarts(cluster, [])],
  [mayStay]: [(cluster) => addWhereNothingStarts(cluster, disks)],
  "attach a volume, grow it and detach it": [
    (cluster) => Promise.all([addVolume(cluster, "data"), cluster.addMachine("web")]),
    (cluster) => cluster.edit("web", { disks: volumeDisk }),
    (cluster) => editVolume(cluster, "data", { size: "2Gi" }),
    (cluster) => cluster.edit("web", { disks: [] }),
  ],
  "start with a volume, delete the machine and the volume": [
    (cluster) => Promise.all([addVolume(cluster, "data"), cluster.addMachine("web", { disks: volumeDisk })]),
    (cluster) => cluster.remove("web"),
    (cluster) => removeVolume(cluster, "data"),
  ],
  "hand a volume from one machine to another on another host": [
    async (cluster) => {
      await addVolume(cluster, "data");
      await cluster.settle(1_000);
      await cluster.addMachine("a", { disks: volumeDisk });
    },
    async (cluster) => {
      await writeToVolume(cluster, "data", "precious");
      // Spread puts it on the other host.
      await cluster.addMachine("b");
    },
    (cluster) => cluster.edit("b", { disks: volumeDisk }),
    (cluster) => cluster.edit("a", { disks: [] }),
    (cluster) => cluster.remove("b"),
  ],
  "call a move off, and delete the volume while it moves": [
    async (cluster) => {
      await addVolume(cluster, "data");
      await cluster.settle(1_000);
      await cluster.addMachine("a", { disks: volumeDisk });
      await cluster.settle(1_000);
      await cluster.addMachine("b");
      await cluster.settle(1_000);
      await cluster.remove("a");
    },
    async (cluster) => {
      await cluster.edit("b", { disks: volumeDisk });
      await cluster.settle(0);
      await cluster.edit("b", { disks: [] });
    },
    (cluster) => removeVolume(cluster, "data"),
  ],
  "a machine makes room for another and comes back": [
    (cluster) => cluster.addMachine("low", { cpus: 64, memory: "1Gi", disks, hostSelector: onFirst }),
    async (cluster) => {
      await cluster.addPriorityClass("urgent", 100);
      const placement = { priorityClassName: "urgent", hostSelector: onFirst };
      await cluster.addMachine("high", { cpus: 64, memory: "1Gi", ...placement });
    },
    (cluster) => cluster.remove("high"),
  ],
  "three machines at once on two hosts": [
    (cluster) => Promise.all(["a", "b", "c"].map((name) => cluster.addMachine(name, { disks }))),
    (cluster) => Promise.all(["a", "c"].map((name) => cluster.remove(name))),
  ],
};

const volumeDisk = [{ name: "data", volume: "data" }];

/** A guest writes, as far as the volume is there. */
async function writeToVolume(cluster: Cluster, name: string, text: string): Promise<void> {
  const { hostName, volume = "" } = (await findVolume(cluster, name))?.status ?? {};
  if (hostName === undefined) return;
  const pool = cluster.hypervisor.host(hostName).pool(Cluster.clusterId);
  if (pool.has(volume)) pool.write(volume, new TextEncoder().encode(text));
}

function addWhereNothingStarts(cluster: Cluster, disksOfIt: readonly unknown[]): Promise<unknown> {
  const noMemory = new StatusError("InternalError", "cannot set up guest memory");
  const { faults } = cluster.hypervisor.host("h1");
  for (let count = 0; count < 20; count++) faults.failNext("startDomain", noMemory);
  return cluster.addMachine("web", { disks: disksOfIt });
}

interface Run {
  readonly crash: CrashPoint;
  /** What is there in the end, without what differs from run to run. */
  readonly end: unknown;
  readonly starts: number;
  readonly breaches: readonly string[];
}

async function play(workload: Workload, at?: number): Promise<Run> {
  const crash = new CrashPoint(at);
  const alive = new CrashPoint();
  let current = alive;
  await using cluster = await Cluster.start({
    hosts: [{ name: "h1" }, { name: "h2" }],
    wrapDriver: (driver) => current.wrapDriver(driver),
    wrapStore: (store) => current.wrapStore(store),
  });
  await cluster.addImage("debian", "a");
  // From here on the steps count.
  await cluster.stopController();
  current = crash;
  await cluster.startController();
  for (const step of workload) {
    await step(cluster);
    await cluster.settle(5_000);
    if (crash.isDead && current === crash) {
      current = alive;
      await cluster.stopController();
      await cluster.startController();
      await cluster.settle(5_000);
    }
  }
  // A volume that was asked for just before the death may still come: it is waited for.
  await cluster.settle(120_000);
  const { writes, mutations } = cluster;
  await cluster.settle(60_000);
  const restless = { writes: cluster.writes - writes, mutations: cluster.mutations - mutations };
  const end = { ...(await summary(cluster)), restless };
  return { crash, end, starts: startsOn(cluster), breaches: cluster.invariants.breaches };
}

async function summary(cluster: Cluster) {
  const { items } = await cluster.store.list(VirtualMachineKind);
  const names = new Map(items.map(({ metadata }) => [metadata.uid ?? "", metadata.name]));
  const machines = items.map(({ metadata, status }) => ({
    name: metadata.name,
    finalizers: metadata.finalizers,
    printableStatus: status?.printableStatus,
    started: status?.started,
    conditions: status?.conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`).sort(),
    volumes: status?.volumes?.map(({ disk, made, capacityBytes }) => ({ disk, made, capacityBytes })),
    allocated: status?.allocated,
    attached: status?.attachedVolumes?.map(({ disk, target, attached }) => ({ disk, target, attached })),
  }));
  const stored = (await cluster.store.list(VolumeKind)).items;
  const hosts = [...cluster.hypervisor.hosts];
  const domains = hosts.flatMap((host) => [...host.domains]);
  const volumes = hosts.flatMap((host) => host.pool(Cluster.clusterId).list());
  return {
    machines,
    objects: stored.map(({ metadata, status }) => ({
      name: metadata.name,
      phase: status?.phase,
      capacityBytes: status?.capacityBytes,
      holder: status?.attachedTo?.name,
      move: status?.move,
    })),
    domains: domains
      .map(({ uid, observed }) => `${names.get(uid)} ${observed.state} ${observed.cpus}`)
      .sort(),
    volumes: volumes
      .filter(({ name }) => name.startsWith("vm-"))
      .map(({ name, capacityBytes }) => `${names.get(name.slice(3, 39))}${name.slice(39)} ${capacityBytes}`)
      .sort(),
    contents: hosts.flatMap((host) => {
      const pool = host.pool(Cluster.clusterId);
      const files = pool.list().filter(({ name }) => name.startsWith("volume-"));
      return files.map(({ name }) => Buffer.from(pool.read(name)).toString().slice(0, 100));
    }),
  };
}

function startsOn(cluster: Cluster): number {
  const domains = [...cluster.hypervisor.hosts].flatMap((host) => [...host.domains]);
  return Math.max(0, ...domains.map((domain) => domain.starts));
}

/** Plays a workload without a crash, then once for each moment of death; in the inner loop every fourth. */
async function playAll(name: string): Promise<Report> {
  const workload = workloads[name] ?? [];
  const reference = await play(workload);
  const faults = reference.breaches.map((breach) => `without a crash: ${breach}`);
  for (let at = 1; at <= reference.crash.steps; at += stride) {
    const run = await play(workload, at);
    const moment = `step ${at}, ${run.crash.what}`;
    if (!run.crash.isDead) faults.push(`${moment} was not reached`);
    for (const breach of run.breaches) faults.push(`${moment}: ${breach}`);
    if (run.starts > reference.starts) faults.push(`${moment}: ${run.starts} starts`);
    if (!isSameEnd(name, run, reference)) {
      faults.push(`${moment}: ${JSON.stringify(run.end)}, not ${JSON.stringify(reference.end)}`);
    }
  }
  return { faults, comment: `${Math.ceil(reference.crash.steps / stride)} moments of death` };
}

/** The one run that is allowed may be lost when it cannot be told whether it has begun. */
function isSameEnd(name: string, run: Run, reference: Run): boolean {
  if (name === onlyOnce && run.starts === 0) return JSON.stringify(run.end).includes("MayHaveRun");
  // Who has died cannot know that no guest has written to the disks: the machine stays with them.
  if (name === mayStay && JSON.stringify(run.end).includes('"CrashLoopBackOff"')) return true;
  return deepEqual(run.end, reference.end);
}

await inThread(playAll);
