import type {
  DomainDefinition,
  DomainKernelBoot,
  DomainNetwork,
  ObservedDomain,
  OwnershipMark,
  VolumeSpec,
} from "../../drivers/driver.ts";
import { fnv1a } from "../../runtime/hash.ts";
import { isTrue } from "../../schema/conditions.ts";
import type { Accelerator, Resources } from "../../schema/host.ts";
import type { Image, ImageContents } from "../../schema/image.ts";
import { imageVolumeName } from "../../schema/image.ts";
import type { InstanceType } from "../../schema/instance-type.ts";
import { bytesOf, type Size } from "../../schema/machine-size.ts";
import type {
  VirtualMachine,
  VirtualMachineDisk,
  VirtualMachineNetwork,
  VirtualMachineStatus,
} from "../../schema/virtual-machine.ts";
import type { BlockReason, ContentRef } from "./actions.ts";
import { resolveMeasure } from "./measure.ts";
import { grantedVolumes, type ResolvedVolume, resolveVolumes, type VolumeLookups } from "./volumes.ts";

/** Where a spec's references are looked up. */
export interface Lookups extends VolumeLookups {
  instanceType(name: string): InstanceType | undefined;
  image(name: string): Image | undefined;
}

export interface DesiredDisk {
  readonly name: string;
  readonly bus: VirtualMachineDisk["bus"];
  readonly spec: VolumeSpec;
  /** What the volume is an overlay of. */
  readonly content?: ContentRef;
  /** Why the volume could not be made now; of no matter when it exists already. */
  readonly blockedBy?: BlockReason;
}

/** A machine's spec with every reference followed. */
export interface DesiredMachine {
  readonly vm: VirtualMachine;
  readonly uid: string;
  readonly size: Size;
  /** Its own; those that are Volumes are apart. */
  readonly disks: readonly DesiredDisk[];
  readonly volumes: readonly ResolvedVolume[];
  readonly kernelBoot?: {
    readonly kernel: ContentRef;
    readonly initrd?: ContentRef;
    readonly commandLine?: string;
  };
}

export type Resolution =
  | { readonly type: "resolved"; readonly machine: DesiredMachine }
  | { readonly type: "blocked"; readonly blockedBy: BlockReason };

type MadeVolume = NonNullable<VirtualMachineStatus["volumes"]>[number];
type Found<T> = { readonly found: T } | { readonly blockedBy: BlockReason };

/** Follows the references of a spec: instance type, images, volume names. */
export function resolveMachine(vm: VirtualMachine, lookups: Lookups): Resolution {
  const measure = resolveMeasure(vm, lookups);
  if ("blockedBy" in measure) return { type: "blocked", blockedBy: measure.blockedBy };
  const boot = resolveKernelBoot(vm, lookups);
  if (boot !== undefined && "blockedBy" in boot) return { type: "blocked", blockedBy: boot.blockedBy };
  const uid = uidOf(vm);
  const { size, rootBytes } = measure.found;
  const machine = {
    vm,
    uid,
    size,
    disks: vm.spec.disks.flatMap((disk, index) =>
      disk.volume === undefined ? [resolveDisk(vm, disk, lookups, index === 0 ? rootBytes : 0)] : [],
    ),
    volumes: resolveVolumes(vm, lookups),
  };
  return {
    type: "resolved",
    machine: boot === undefined ? machine : { ...machine, kernelBoot: boot.found },
  };
}

/** The uid that the store gave the object. */
export function uidOf(vm: VirtualMachine): string {
  if (vm.metadata.uid === undefined)
    throw new Error(`virtual machine ${vm.metadata.name} has no uid: not from the store`);
  return vm.metadata.uid;
}

/** What the names of a machine's volumes begin with: no other machine's can. */
export function volumePrefix(uid: string): string {
  return `vm-${uid}-`;
}

/**
 * The name of a disk's volume. Disks that were begun anew, since the machine was started without its old host
 * being asked, are called otherwise than those that it has left there: also in a pool that hosts share, two
 * copies never have one disk.
 */
export function diskVolumeName(uid: string, disk: string, disksEpoch?: number): string {
  const since = disksEpoch === undefined ? "" : `.e${disksEpoch}`;
  return `${volumePrefix(uid)}${disk}${since}.qcow2`;
}

/** The name of a machine's domain: unless its spec names one, no other machine can have it. */
export function domainNameOf(vm: VirtualMachine): string {
  const { domainName } = vm.spec;
  if (domainName !== undefined) return domainName;
  return `${vm.metadata.namespace ?? "default"}-${vm.metadata.name}-${uidOf(vm).slice(0, 8)}`;
}

/** The mark of a machine's domain in its present placement. */
export function markOf(vm: VirtualMachine, clusterId: string): OwnershipMark {
  return {
    clusterId,
    namespace: vm.metadata.namespace ?? "default",
    name: vm.metadata.name,
    uid: uidOf(vm),
    epoch: vm.status?.placementEpoch ?? 0,
  };
}

/** Whether a domain that has the mark's UUID also carries it: name and epoch may be of another time. */
export function isOwn({ clusterId, uid }: OwnershipMark, { mark }: ObservedDomain): boolean {
  return mark?.clusterId === clusterId && mark.uid === uid;
}

/** The domain that should stand on a host with this accelerator. */
export function defineMachine(
  machine: DesiredMachine,
  clusterId: string,
  accelerator: Accelerator,
): DomainDefinition {
  const { vm, size, disks } = machine;
  const volumes = grantedVolumes(machine.volumes).map(({ device }) => device);
  const definition = {
    mark: markOf(vm, clusterId),
    domainName: domainNameOf(vm),
    accelerator,
    cpus: size.cpus,
    memoryBytes: size.memoryBytes,
    disks: disks.map(({ name, bus, spec }) => ({ name, bus, volume: spec.volume })),
    ...(volumes.length === 0 ? {} : { volumes }),
    networks: vm.spec.networks.map((network) => defineNetwork(machine.uid, network)),
  };
  const kernelBoot = defineKernelBoot(machine);
  return kernelBoot === undefined ? definition : { ...definition, kernelBoot };
}

/**
 * A short name for what the guest gets to see: two definitions with one hash need no restart between them,
 * whatever the order in which a host or we name their fields. Volumes come and go without one.
 */
export function definitionHash(definition: DomainDefinition): string {
  const { accelerator, cpus, memoryBytes, disks, networks, kernelBoot } = definition;
  const visible = [
    accelerator,
    cpus,
    memoryBytes,
    disks.map(({ name, volume, bus }) => [name, volume, bus]),
    networks.map(({ name, source, macAddress, model }) => [
      name,
      source.type,
      source.name,
      macAddress,
      model,
    ]),
    kernelBoot && [kernelBoot.kernel, kernelBoot.initrd, kernelBoot.commandLine],
  ];
  return fnv1a(JSON.stringify(visible));
}

/** The kernel and initrd, where the machine boots them directly. */
export function bootContentsOf({ kernelBoot }: DesiredMachine): readonly ContentRef[] {
  return [kernelBoot?.kernel, kernelBoot?.initrd].filter((content) => content !== undefined);
}

/** What the machine takes of its host. */
export function resourcesOf({ size, disks }: DesiredMachine): Resources {
  return { ...size, diskBytes: disks.reduce((sum, { spec }) => sum + spec.capacityBytes, 0) };
}

function resolveDisk(
  vm: VirtualMachine,
  disk: VirtualMachineDisk,
  lookups: Lookups,
  rootBytes: number,
): DesiredDisk {
  const volume = diskVolumeName(uidOf(vm), disk.name, vm.status?.disksEpoch);
  const asked = bytesOf(disk.size);
  const atLeast = disk.size === undefined && disk.image !== undefined ? rootBytes : asked;
  const base = { name: disk.name, bus: disk.bus, spec: { volume, capacityBytes: atLeast } };
  const made = vm.status?.volumes?.find((entry) => entry.volume === volume && entry.made === true);
  if (made !== undefined) return { ...base, spec: specOfMade(made, atLeast) };
  if (disk.image === undefined) return base;
  const image = resolveImage(disk.image, lookups);
  if ("blockedBy" in image) return { ...base, blockedBy: image.blockedBy };
  const { content, virtualSizeBytes, contents } = image.found;
  if (contents !== "disk") {
    const why = `image "${disk.image}" is no disk image (${contents})`;
    const message = `disk "${disk.name}" cannot be made: ${why}`;
    return { ...base, blockedBy: { reason: "ImageNotADisk", message } };
  }
  const spec = {
    volume,
    capacityBytes: Math.max(atLeast, virtualSizeBytes),
    backing: { volume: content.volume, format: content.format },
  };
  if (asked === 0 || asked >= virtualSizeBytes) return { ...base, spec, content };
  const than = `image "${disk.image}" of ${virtualSizeBytes} bytes`;
  const message = `disk "${disk.name}" of ${disk.size} is smaller than ${than}: make it larger`;
  return { ...base, spec, content, blockedBy: { reason: "DiskTooSmall", message } };
}

/** A disk that exists has no more to do with its Image, whatever becomes of that. */
function specOfMade({ volume, backing, capacityBytes = 0 }: MadeVolume, asked: number): VolumeSpec {
  const spec = { volume, capacityBytes: Math.max(asked, capacityBytes) };
  if (backing === undefined) return spec;
  return { ...spec, backing: { volume: backing, format: backing.endsWith(".raw") ? "raw" : "qcow2" } };
}

function resolveImage(
  name: string,
  lookups: Lookups,
): Found<{ content: ContentRef; virtualSizeBytes: number; contents: ImageContents }> {
  const image = lookups.image(name);
  if (image === undefined) {
    return {
      blockedBy: {
        reason: "ImageNotFound",
        message: `image "${name}" does not exist: create it or name another one`,
      },
    };
  }
  const { digest, format, virtualSizeBytes, contents = "disk", conditions } = image.status ?? {};
  if (digest === undefined || format === undefined || !isTrue(conditions, "Ready")) {
    const why =
      conditions?.find((condition) => condition.type === "Ready")?.message ?? "it has not been looked at yet";
    return { blockedBy: { reason: "ImageNotReady", message: `image "${name}" is not ready: ${why}` } };
  }
  const content = { image: name, volume: imageVolumeName(digest, format), format };
  return { found: { content, virtualSizeBytes: virtualSizeBytes ?? 0, contents } };
}

function resolveKernelBoot(
  vm: VirtualMachine,
  lookups: Lookups,
): Found<NonNullable<DesiredMachine["kernelBoot"]>> | undefined {
  const boot = vm.spec.kernelBoot;
  if (boot === undefined) return undefined;
  const kernel = resolveImage(boot.kernel, lookups);
  if ("blockedBy" in kernel) return kernel;
  const initrd = boot.initrd === undefined ? undefined : resolveImage(boot.initrd, lookups);
  if (initrd !== undefined && "blockedBy" in initrd) return initrd;
  return {
    found: {
      kernel: kernel.found.content,
      ...(initrd === undefined ? {} : { initrd: initrd.found.content }),
      ...(boot.commandLine === undefined ? {} : { commandLine: boot.commandLine }),
    },
  };
}

function defineKernelBoot({ kernelBoot }: DesiredMachine): DomainKernelBoot | undefined {
  if (kernelBoot === undefined) return undefined;
  const { kernel, initrd, commandLine } = kernelBoot;
  return {
    kernel: kernel.volume,
    ...(initrd === undefined ? {} : { initrd: initrd.volume }),
    ...(commandLine === undefined ? {} : { commandLine }),
  };
}

function defineNetwork(uid: string, network: VirtualMachineNetwork): DomainNetwork {
  const source =
    network.bridge === undefined
      ? { type: "network" as const, name: network.network ?? "default" }
      : { type: "bridge" as const, name: network.bridge };
  return {
    name: network.name,
    source,
    macAddress: network.macAddress ?? macAddressOf(uid, network.name),
    model: network.model,
  };
}

/** A stable address in QEMU's range, from the machine and the network's name. */
function macAddressOf(uid: string, network: string): string {
  const digits = fnv1a(`${uid}/${network}`).slice(0, 6);
  return `52:54:00:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}`;
}
