import type { FakeDomain } from "../../drivers/fake/fake-domain.ts";
import { findCondition, isTrue } from "../../schema/conditions.ts";
import type { Host } from "../../schema/host.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { Complain } from "./audit.ts";
import { isKept } from "./copies.ts";
import { secretName } from "./sim-files.ts";
import type { SimHost } from "./sim-host.ts";
import { findUnsettledPools } from "./unsettled-pools.ts";
import { findUnsettledVolumes } from "./unsettled-volumes.ts";
import type { World } from "./world.ts";

/**
 * What is not yet as it should be, in a world that has been left in peace: L1, every machine is as its spec
 * says or truthfully says why not, and L3, nothing is left of what was deleted.
 */
export function findUnsettled(world: World, complain: Complain): void {
  for (const host of world.hosts.values()) {
    if (!host.fake.powered) continue;
    for (const domain of host.fake.domains) checkDomain(world, host, domain, complain);
    for (const domain of host.fake.domains) {
      if (domain.autostart && !world.autostarted.has(domain.uid)) {
        complain(
          "S1",
          `${domain.domainName} on ${host.name} starts with its host, wherever its machine is then`,
        );
      }
    }
    for (const { name } of host.fake.pool(world.clusterId).list()) {
      const uid = /^vm-([0-9a-f-]{36})-/.exec(name)?.[1];
      if (uid !== undefined && !world.audit.machines.has(uid) && !isNobodys(world, host, uid))
        complain("L3", `${name} is left on ${host.name}`);
    }
  }
  findUnsettledVolumes(world, complain);
  findUnsettledPools(world, complain);
  for (const vm of world.audit.machines.values()) {
    if (vm.metadata.name === secretName) complain("S9", "a file outside of the folder was applied");
    const fault = faultOf(world, vm);
    if (fault !== undefined) complain("L1", `${vm.metadata.name} (${vm.spec.runStrategy}) ${fault}`);
  }
}

function checkDomain(world: World, host: SimHost, { uid, observed }: FakeDomain, complain: Complain): void {
  if (observed.mark?.clusterId !== world.clusterId) return;
  const vm = world.audit.machines.get(uid);
  if (vm === undefined) {
    // Where people were wrong about a host that they then removed, its copy runs on.
    const mayRun = world.watch.leftCopies.isForgotten(host.name, uid);
    const isTold = (mayRun || observed.state === "shutoff") && isOrphan(world, host, observed.domainName);
    if (!isNobodys(world, host, uid) || !isTold)
      complain("L3", `${observed.domainName} is left on ${host.name}`);
  } else if (hostOf(world, vm) !== host && !isOnStranger(world, vm) && !isKept(vm, host, observed)) {
    complain(
      "L1",
      `${vm.metadata.name} has a domain on ${host.name}, and is placed on ${vm.status?.hostName}`,
    );
  }
}

function isNobodys({ watch }: World, { name }: SimHost, uid: string): boolean {
  return watch.lateOrders.isNobodys(name, uid) || watch.leftCopies.isForgotten(name, uid);
}

/** Whether its Host says that it has a domain whose machine is unknown. */
function isOrphan({ audit }: World, { fake }: SimHost, domainName: string): boolean {
  const hosts = [...audit.hosts.values()].filter(({ status }) => status?.hostUuid === fake.facts.hostUuid);
  const orphans = hosts.map(({ status }) => findCondition(status?.conditions, "OrphanDomains"));
  return orphans.some((orphan) => orphan?.message.includes(domainName) === true);
}

function faultOf(world: World, vm: VirtualMachine): string | undefined {
  const { metadata, spec, status } = vm;
  const host = hostOf(world, vm);
  const found = host?.fake.findDomain(metadata.uid ?? "");
  const ready = findCondition(status?.conditions, "Ready");
  const reason = ready?.reason ?? "";
  const isOutOfSight = status?.printableStatus === "Unknown" && isOnStranger(world, vm);
  if (isTrue(status?.conditions, "Conflict"))
    return hasConflict(world, vm) || isOutOfSight ? undefined : "sees a conflict that is none";
  if (metadata.deletionTimestamp !== undefined) {
    if (status?.printableStatus === "Terminating" && isOnStranger(world, vm)) return undefined;
    return "is still being deleted";
  }
  if (findCondition(status?.conditions, "Stalled")?.reason === "VolumeMissing")
    return hasLostVolume(world, vm, host) ? undefined : "misses a volume that is there";
  if (reason.startsWith("Volume") && spec.disks.some(({ volume }) => volume !== undefined)) return undefined;
  if (reason === "Preempted") return hasRoom(world, vm) ? "waits for room, and there is some" : undefined;
  if (reason === "Unschedulable") return hasRoom(world, vm) ? "finds no room, and there is some" : undefined;
  if (isOutOfSight) return undefined;
  const domain = found?.observed.mark === undefined ? undefined : found;
  const word = status?.printableStatus;
  if (status?.observedGeneration !== metadata.generation)
    return `has not seen its generation ${metadata.generation}`;
  // Who is neither to be started nor to be stopped may stay paused.
  if (word === "Paused" && domain?.observed.state === "paused" && !shouldRun(vm)) return undefined;
  if ((word === "Running") !== (domain?.active ?? false))
    return `says ${word}, but is ${domain?.observed.state}`;
  if (shouldRun(vm) && word !== "Running") return `should run, is ${word}: ${ready?.message}`;
  if (!mayRun(vm) && word !== "Stopped") return `should be stopped, is ${word}`;
  // A guest whose disk is gone is left as it runs, until a person says what is to become of it.
  if (isTrue(status?.conditions, "Stalled") && hasLostVolume(world, vm, host)) return undefined;
  if (shouldRun(vm) && domain !== undefined && reason === "Running") return definitionFault(vm, domain);
  return spec.runStrategy === "Always" && word === undefined ? "has no status" : undefined;
}

function shouldRun({ spec, status }: VirtualMachine): boolean {
  const asked = status?.runOverride?.action;
  return asked === "Start" || (spec.runStrategy === "Always" && asked !== "Stop");
}

function mayRun({ spec, status }: VirtualMachine): boolean {
  const asked = status?.runOverride?.action;
  return asked !== "Stop" && (spec.runStrategy !== "Halted" || asked === "Start");
}

function definitionFault({ spec }: VirtualMachine, { observed }: FakeDomain): string | undefined {
  const { definition } = observed;
  if (definition === undefined) return "has no persistent definition";
  if (spec.cpus === undefined || definition.cpus === spec.cpus) return undefined;
  return `has ${definition.cpus} CPUs defined, should have ${spec.cpus}`;
}

function hostOf(world: World, { status }: VirtualMachine): SimHost | undefined {
  if (status?.hostName === undefined) return undefined;
  const uri = world.audit.hosts.get(status.hostName)?.spec.uri;
  return uri === undefined ? undefined : world.driverParts.resolve(uri);
}

/** It was placed while the Host's address led to another machine: only a person can say where it is now. */
function isOnStranger(world: World, vm: VirtualMachine): boolean {
  const { hostUuid } = vm.status ?? {};
  const host = hostOf(world, vm);
  return host !== undefined && hostUuid !== undefined && hostUuid !== host.fake.facts.hostUuid;
}

/** Somebody else's domain has its UUID or its name, or its own runs elsewhere. */
function hasConflict(world: World, vm: VirtualMachine): boolean {
  const { uid = "", name } = vm.metadata;
  const host = hostOf(world, vm);
  const domainName = `default-${name}-${uid.slice(0, 8)}`;
  const foreign = host?.fake.findDomain(uid);
  const namesake = host?.fake.findByName(domainName);
  const isForeign = foreign !== undefined && foreign.observed.mark?.clusterId !== world.clusterId;
  const isNamesake = namesake !== undefined && namesake.uid !== uid;
  if (vm.metadata.deletionTimestamp !== undefined && hasForeignCopy(world, vm)) return true;
  return isForeign || isNamesake || world.watch.activeOn(uid).some((other) => other !== host?.name);
}

/** On a host where it has left a copy somebody else's domain has its UUID. */
function hasForeignCopy(world: World, { metadata, status }: VirtualMachine): boolean {
  const uuids = new Set(status?.leftBehind?.map(({ hostUuid }) => hostUuid));
  return [...world.hosts.values()].some(({ fake }) => {
    const domain = fake.findDomain(metadata.uid ?? "");
    const isForeign = domain !== undefined && domain.observed.mark?.clusterId !== world.clusterId;
    return isForeign && uuids.has(fake.facts.hostUuid);
  });
}

/** A disk of its own is not where it should be, or the data of a Volume that it names. */
function hasLostVolume(world: World, vm: VirtualMachine, host: SimHost | undefined): boolean {
  const { volumes = [] } = vm.status ?? {};
  const pool = host?.fake.pool(world.clusterId);
  if (volumes.some(({ volume, made }) => made === true && pool?.has(volume) !== true)) return true;
  return [...world.audit.volumes.values()].some(({ metadata, status }) => {
    const isNamed = vm.spec.disks.some((disk) => disk.volume === metadata.name);
    const { volume, hostName = "" } = status ?? {};
    const uri = world.audit.hosts.get(hostName)?.spec.uri ?? "";
    const there = world.driverParts.resolve(uri)?.fake.pool(world.clusterId);
    return isNamed && volume !== undefined && there?.has(volume) !== true;
  });
}

/** Whether the host has the labels that the machine asks for, and its Volumes as far as they are anywhere. */
function suits(world: World, { spec }: VirtualMachine, { name, labels = {} }: Host["metadata"]): boolean {
  const named = new Set(spec.disks.flatMap(({ volume }) => (volume === undefined ? [] : [volume])));
  const isAway = [...world.audit.volumes.values()].some(
    ({ metadata, status }) => named.has(metadata.name) && (status?.hostName ?? name) !== name,
  );
  return !isAway && Object.entries(spec.hostSelector ?? {}).every(([key, value]) => labels[key] === value);
}

/** Whether some host that takes machines has room for it, by what is written down. */
function hasRoom(world: World, vm: VirtualMachine): boolean {
  // One that is placed waits for its host, and only when it had to make room there.
  const { hostName, preempted } = vm.status ?? {};
  if (hostName !== undefined && preempted === undefined) return false;
  const { cpus = 1 } = vm.spec;
  for (const { metadata, spec, status } of world.audit.hosts.values()) {
    if (hostName !== undefined && metadata.name !== hostName) continue;
    if (spec.unschedulable || !isTrue(status?.conditions, "Ready") || !suits(world, vm, metadata)) continue;
    const placed = [...world.audit.machines.values()].filter(
      (other) => other.status?.hostName === metadata.name,
    );
    const taken = (key: "cpus" | "memoryBytes" | "diskBytes") =>
      placed.reduce((sum, other) => sum + (other.status?.allocated?.[key] ?? 0), 0);
    const left = (key: "cpus" | "memoryBytes" | "diskBytes") =>
      (status?.allocatable?.[key] ?? 0) - taken(key);
    if (left("cpus") >= cpus && left("memoryBytes") >= 2 ** 30 && left("diskBytes") >= 2 ** 34) return true;
  }
  return false;
}
