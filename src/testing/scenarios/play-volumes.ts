import type { FakeDomain } from "../../drivers/fake/fake-domain.ts";
import { findCondition } from "../../schema/conditions.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { type Volume, VolumeKind } from "../../schema/volume.ts";
import { Cluster } from "../cluster.ts";
import { inThread, type Report } from "../simulation.ts";
import { addVolume, editVolume, removeVolume } from "../volume-fixture.ts";
import { type Act, Trouble } from "./trouble.ts";

/** By file: all that guests have written, in order. */
type Diaries = Map<string, string>;

const names = ["alpha", "beta", "gamma"] as const;

/** What people do with volumes, and guests. */
function volumeActs(diaries: Diaries): Readonly<Record<string, Act>> {
  return {
    addVolume: {
      weight: 5,
      act: (chaos) => addVolume(chaos.cluster, chaos.pick(names), { size: "1Mi" }).catch(ignored),
    },
    removeVolume: {
      weight: 1,
      act: (chaos) => removeVolume(chaos.cluster, chaos.pick(names)).catch(ignored),
    },
    growVolume: {
      weight: 1,
      act: (chaos) =>
        editVolume(chaos.cluster, chaos.pick(names), { size: `${1 + chaos.below(4)}Mi` }).catch(ignored),
    },
    attach: { weight: 20, act: (chaos) => onDisks(chaos, (disks) => [...disks, chaos.pick(names)]) },
    detach: { weight: 14, act: (chaos) => onDisks(chaos, (disks) => disks.slice(1)) },
    write: { weight: 20, act: (chaos) => chaos.onDomain((domain) => write(chaos, domain, diaries)) },
    holdOn: {
      weight: 1,
      act: (chaos) =>
        chaos.onDomain((domain) => {
          domain.guest = { ...domain.guest, keepsVolumes: chaos.below(2) === 0 };
        }),
    },
    unplugByHand: {
      weight: 2,
      act: (chaos) =>
        chaos.onDomain((domain) => {
          const [volume] = domain.volumes;
          if (volume !== undefined) domain.unplugLive(volume);
        }),
    },
  };
}

function ignored(): void {
  // It is there already, or not there, or cannot shrink.
}

function onDisks(
  chaos: Trouble,
  change: (volumes: readonly string[]) => readonly string[],
): Promise<unknown> {
  return chaos.onMachine(async (name) => {
    const { disks } = (await chaos.cluster.machine(name)).spec;
    const before = disks.map(({ volume }) => volume).filter((volume) => volume !== undefined);
    const wanted = [...new Set(change(before))].map((volume) => ({ name: volume, volume }));
    await chaos.cluster.edit(name, {
      disks: [...disks.filter(({ volume }) => volume === undefined), ...wanted],
    });
  });
}

function write(chaos: Trouble, domain: FakeDomain, diaries: Diaries): void {
  const [device] = domain.volumes;
  const host = [...chaos.cluster.hypervisor.hosts].find(({ domains }) => [...domains].includes(domain));
  if (device === undefined || host === undefined || !domain.active) return;
  const word = `${chaos.below(10)}`;
  host.pool(Cluster.clusterId).write(device.volume, new TextEncoder().encode(word));
  diaries.set(device.volume, `${diaries.get(device.volume) ?? ""}${word}`);
}

/** What is wrong with a cluster that has been left in peace for a while. */
async function findFaults(cluster: Cluster, diaries: Diaries): Promise<string[]> {
  const faults = [...cluster.invariants.breaches];
  const volumes = (await cluster.store.list(VolumeKind)).items;
  const machines = (await cluster.store.list(VirtualMachineKind)).items;
  const files = new Map(volumes.map((volume) => [volume.status?.volume ?? "", volume]));
  for (const host of cluster.hypervisor.hosts) {
    for (const { name } of host.pool(Cluster.clusterId).list()) {
      if (!name.startsWith("volume-")) continue;
      const volume = files.get(name);
      if (volume === undefined) faults.push(`${name} on ${host.name} is nobody's`);
      else if (volume.status?.hostName !== host.name)
        faults.push(`${volume.metadata.name} is also on ${host.name}`);
    }
  }
  for (const volume of volumes) faults.push(...faultsOf(cluster, volume, machines, diaries));
  for (const vm of machines) faults.push(...(await machineFaults(cluster, vm)));
  return faults;
}

function faultsOf(
  cluster: Cluster,
  { metadata, status = {} }: Volume,
  machines: readonly VirtualMachine[],
  diaries: Diaries,
): string[] {
  const { name } = metadata;
  const naming = machines.filter(({ spec }) => spec.disks.some(({ volume }) => volume === name));
  if (metadata.deletionTimestamp !== undefined) {
    return status.attachedTo === undefined ? [`${name} is still being deleted`] : [];
  }
  const { phase, hostName = "", volume = "", attachedTo, move } = status;
  if (move !== undefined) return [`${name} has not come to rest: ${JSON.stringify(move)}`];
  const kept = Buffer.from(cluster.hypervisor.host(hostName).pool(Cluster.clusterId).read(volume)).toString();
  const written = kept.slice(kept.indexOf("\n") + 1);
  if (written !== (diaries.get(volume) ?? ""))
    return [`${name} holds ${written}, not ${diaries.get(volume)}`];
  const isHeld = attachedTo !== undefined;
  if (isHeld !== naming.length > 0) return [`${name} is ${phase}, though ${naming.length} machines name it`];
  return [];
}

async function machineFaults(
  cluster: Cluster,
  { metadata, spec, status }: VirtualMachine,
): Promise<string[]> {
  if (status?.printableStatus !== "Running") return [];
  const domain = await cluster.domain(metadata.name);
  const live = new Set(domain.volumes.map(({ name }) => name));
  const named = spec.disks.map(({ volume }) => volume).filter((volume) => volume !== undefined);
  const missing = named.filter((name) => !live.has(name));
  const why = findCondition(status.conditions, "VolumesAttached")?.reason ?? "nothing";
  const isExplained = why === "VolumeInUse" || why === "VolumeNotFound" || why === "VolumeNotReady";
  const surplus = [...live].filter((name) => !named.includes(name));
  return [
    ...(missing.length > 0 && !isExplained ? [`${metadata.name} lacks ${missing} and says ${why}`] : []),
    ...(surplus.length > 0 ? [`${metadata.name} still has ${surplus}`] : []),
  ];
}

async function play(seed: number): Promise<{ faults: string[]; diary: readonly string[] }> {
  await using cluster = await Cluster.start({ seed, hosts: [{ name: "h1" }, { name: "h2" }] });
  const diaries: Diaries = new Map();
  const chaos = new Trouble(cluster, seed, volumeActs(diaries));
  for (const name of names) await addVolume(cluster, name, { size: "1Mi" });
  for (const name of ["a", "b", "c", "d"]) await cluster.addMachine(name);
  await cluster.settle();
  const steps = 40 + chaos.below(60);
  for (let step = 0; step < steps; step++) await chaos.step();
  chaos.heal();
  for (const host of cluster.hypervisor.hosts) {
    for (const domain of host.domains) domain.guest = { ...domain.guest, keepsVolumes: false };
  }
  await cluster.settle(900_000);
  const faults = await findFaults(cluster, diaries);
  const { writes, mutations } = cluster;
  await cluster.settle(120_000);
  if (cluster.writes !== writes) faults.push(`${cluster.writes - writes} writes while idle`);
  if (cluster.mutations !== mutations) faults.push(`${cluster.mutations - mutations} mutations while idle`);
  return { faults, diary: chaos.diary };
}

await inThread(async (seed): Promise<Report> => {
  const { faults, diary } = await play(Number(seed));
  return { faults: faults.map((fault) => `OSTLER_SEED=${seed}: ${fault}; after ${diary.join(", ")}`) };
});
