import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { Volume, VolumeStatus } from "../../schema/volume.ts";
import type { VolumePlanInput } from "./plan-input.ts";

/** The name of the disk for which a machine's spec names the volume. */
export function diskOf(vm: VirtualMachine, volume: Volume): string | undefined {
  if (vm.metadata.namespace !== volume.metadata.namespace) return undefined;
  return vm.spec.disks.find((disk) => disk.volume === volume.metadata.name)?.name;
}

/** Whether the machine has the volume or may have it, by its own record. */
export function hasVolume(vm: VirtualMachine | undefined, { metadata }: Volume): boolean {
  return vm?.status?.attachedVolumes?.some(({ uid }) => uid === metadata.uid) === true;
}

/**
 * What becomes of the claim, if anything. One machine has it at a time. It is given up in two steps, for
 * between a look at the machine and a write to the volume the machine may begin to use it: first it is
 * written that the claim goes, which the machine reads before it attaches anything; then the machine is
 * looked at once more.
 */
export function planClaim({ volume, holder, wanting }: VolumePlanInput): VolumeStatus | undefined {
  const { status = {} } = volume;
  const { attachedTo, ...rest } = status;
  if (attachedTo === undefined) return claimed(volume, wanting);
  if (holder === undefined) return rest;
  const disk = diskOf(holder, volume);
  const { releasing, ...claim } = attachedTo;
  if (disk === undefined && !hasVolume(holder, volume)) {
    return releasing ? rest : { ...status, attachedTo: { ...claim, releasing: true } };
  }
  const isSame = disk === undefined || disk === claim.disk;
  if (isSame && releasing === undefined) return undefined;
  return { ...status, attachedTo: { ...claim, disk: disk ?? claim.disk } };
}

/** The oldest of those that want it gets it. */
function claimed(volume: Volume, wanting: readonly VirtualMachine[]): VolumeStatus | undefined {
  if (volume.metadata.deletionTimestamp !== undefined) return undefined;
  const [first] = wanting.toSorted((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
  const disk = first === undefined ? undefined : diskOf(first, volume);
  if (first?.metadata.uid === undefined || disk === undefined) return undefined;
  return { ...volume.status, attachedTo: { name: first.metadata.name, uid: first.metadata.uid, disk } };
}

function ageOf({ metadata }: VirtualMachine): string {
  return `${metadata.creationTimestamp ?? ""} ${metadata.name}`;
}
