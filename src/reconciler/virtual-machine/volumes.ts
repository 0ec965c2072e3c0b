import type { DomainVolume } from "../../drivers/driver.ts";
import { findCondition, isTrue } from "../../schema/conditions.ts";
import type { AttachedVolume, VirtualMachine } from "../../schema/virtual-machine.ts";
import { type Volume, volumeBytes, volumeFileName } from "../../schema/volume.ts";
import type { BlockReason } from "./actions.ts";

/** Where Volumes are looked up. */
export interface VolumeLookups {
  volume(namespace: string, name: string): Volume | undefined;
}

/** A Volume that the machine has, or may take now. */
export interface DesiredVolume {
  /** What is written down of it before it is used. */
  readonly record: AttachedVolume;
  readonly device: DomainVolume;
  readonly capacityBytes: number;
  /** Present: it is not given to a guest that does not have it yet, and why. */
  readonly unusable?: string;
}

/** A disk of the spec that names a Volume. */
export type ResolvedVolume =
  | { readonly type: "granted"; readonly volume: DesiredVolume }
  | { readonly type: "waiting"; readonly disk: string; readonly blockedBy: BlockReason };

/** Follows the references to Volumes. What the machine has by its own record it keeps, whatever is heard. */
export function resolveVolumes(vm: VirtualMachine, lookups: VolumeLookups): readonly ResolvedVolume[] {
  const taken = new Set((vm.status?.attachedVolumes ?? []).map(({ target }) => target));
  return vm.spec.disks.flatMap(({ name, volume }) =>
    volume === undefined ? [] : [resolveVolume(vm, name, volume, { taken, lookups })],
  );
}

/** Those that the machine has or may take, in the order of their places. */
export function grantedVolumes(volumes: readonly ResolvedVolume[]): readonly DesiredVolume[] {
  return volumes
    .flatMap((resolved) => (resolved.type === "granted" ? [resolved.volume] : []))
    .sort((a, b) => (a.device.target < b.device.target ? -1 : 1));
}

/** Why the first of those that cannot be taken now cannot. */
export function waitingVolume(volumes: readonly ResolvedVolume[]): BlockReason | undefined {
  return volumes.find((resolved) => resolved.type === "waiting")?.blockedBy;
}

/** The device of a volume that is written down. */
export function deviceOf({ disk, volume, target }: AttachedVolume): DomainVolume {
  return { name: disk, volume, format: volume.endsWith(".raw") ? "raw" : "qcow2", target };
}

/**
 * Why the machine may not take the volume now; undefined when it may. Said of an object that is stale it is
 * good for a plan, and no more: see `confirmClaims`.
 */
export function refuseVolume(
  vm: VirtualMachine,
  volume: Volume | undefined,
  name: string,
): BlockReason | undefined {
  if (volume === undefined) {
    const message = `volume "${name}" does not exist: create it or name another one`;
    return { reason: "VolumeNotFound", message };
  }
  const { attachedTo, hostName, hostUuid, move, capacityBytes, conditions } = volume.status ?? {};
  const wait = (why: string): BlockReason => ({
    reason: "VolumeNotReady",
    message: `volume "${name}" is not ready: ${why}`,
  });
  if (attachedTo !== undefined && attachedTo.uid !== vm.metadata.uid) {
    const holder = `machine "${attachedTo.name}" has it as disk "${attachedTo.disk}"`;
    return { reason: "VolumeInUse", message: `volume "${name}" is in use: ${holder}` };
  }
  if (volume.metadata.deletionTimestamp !== undefined) return wait("it is being deleted");
  if (attachedTo === undefined || attachedTo.releasing)
    return wait("it is not reserved for this machine yet");
  if (hostName === undefined || capacityBytes === undefined || !isTrue(conditions, "Ready")) {
    return wait(findCondition(conditions, "Ready")?.message || "it is not made yet");
  }
  const { hostName: ours } = vm.status ?? {};
  if (move?.phase === "Copying" || (ours !== undefined && ours !== hostName)) {
    return wait(`its data is still on host "${hostName}"`);
  }
  const { hostUuid: answering = hostUuid } = vm.status ?? {};
  if (answering !== hostUuid) return wait(`its data is on the host with UUID ${hostUuid}, not ${answering}`);
  return undefined;
}

interface Surroundings {
  /** Places in the domain that are not free. */
  readonly taken: Set<string>;
  readonly lookups: VolumeLookups;
}

function resolveVolume(
  vm: VirtualMachine,
  disk: string,
  name: string,
  { taken, lookups }: Surroundings,
): ResolvedVolume {
  const volume = lookups.volume(vm.metadata.namespace ?? "default", name);
  const records = vm.status?.attachedVolumes ?? [];
  const own = records.find((record) => record.disk === disk && record.name === name);
  if (own !== undefined && (volume === undefined || volume.metadata.uid === own.uid)) {
    return granted(own, volume);
  }
  const blockedBy = refuseVolume(vm, volume, name);
  if (volume === undefined || blockedBy !== undefined) {
    return { type: "waiting", disk, blockedBy: blockedBy ?? former(disk) };
  }
  if (records.some((record) => record.disk === disk || record.uid === volume.metadata.uid)) {
    return { type: "waiting", disk, blockedBy: former(disk) };
  }
  const target = freeTarget(taken);
  taken.add(target);
  const { uid = "" } = volume.metadata;
  const file = volumeFileName(uid, volume.spec.format);
  return granted({ disk, name, uid, volume: file, target }, volume);
}

function granted(record: AttachedVolume, volume: Volume | undefined): ResolvedVolume {
  const capacityBytes = volume === undefined ? 0 : volumeBytes(volume.spec);
  const why = volume === undefined ? undefined : unusableBy(volume);
  const unusable = why === undefined ? {} : { unusable: why };
  return { type: "granted", volume: { record, device: deviceOf(record), capacityBytes, ...unusable } };
}

/** Why nobody who does not have it yet gets it, by what is known for certain. */
function unusableBy({ metadata, status }: Volume): string | undefined {
  if (metadata.deletionTimestamp !== undefined) return "it is being deleted";
  if (status?.phase !== "Lost") return undefined;
  return findCondition(status.conditions, "Ready")?.message || "it is lost";
}

function former(disk: string): BlockReason {
  const message = `what was disk "${disk}", or the volume under another disk's name, is not released yet`;
  return { reason: "VolumeNotReady", message };
}

const letters = [..."abcdefghijklmnopqrstuvwxyz"];

/** Two letters: the machine's own disks have one, so neither is ever in the other's way. */
function freeTarget(taken: ReadonlySet<string>): string {
  const all = letters.flatMap((first) => letters.map((second) => `vd${first}${second}`));
  return all.find((target) => !taken.has(target)) ?? "vdzz";
}
