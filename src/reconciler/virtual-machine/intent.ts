import { deepEqual } from "../../runtime/equal.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import type { Action } from "./actions.ts";
import { bootContentsOf, type DesiredDisk, type DesiredMachine } from "./desired.ts";
import { recordVolumeUse } from "./volume-memory.ts";
import { type DesiredVolume, grantedVolumes } from "./volumes.ts";

/**
 * What must be durable before steps are taken on a host, so that a controller that dies at any point finds
 * everything it may have made: the volumes, the contents they stand on, the Volumes that it is given, and,
 * where a second start would be wrong, that there was a first. The same reference when all of it is recorded
 * already.
 */
export function recordIntent(
  vm: VirtualMachine,
  status: VirtualMachineStatus,
  machine: DesiredMachine | undefined,
  actions: readonly Action[],
  now: number,
): VirtualMachineStatus {
  const makes = actions.some(({ type }) => type === "EnsureContent" || type === "EnsureVolume");
  const withDisks = machine !== undefined && makes ? recordVolumes(status, machine) : status;
  const uses = machine === undefined ? [] : usedVolumes(machine, actions);
  const withVolumes = recordVolumeUse(withDisks, uses, now);
  const starts = actions.some(({ type }) => type === "StartDomain");
  if (!starts || vm.spec.runStrategy !== "Once" || status.started === true) return withVolumes;
  return { ...withVolumes, started: true };
}

/** The Volumes that a step gives the machine, at once or with its next start. */
function usedVolumes({ volumes }: DesiredMachine, actions: readonly Action[]): readonly DesiredVolume[] {
  const all = grantedVolumes(volumes);
  if (actions.some(({ type }) => type === "DefineDomain" || type === "StartDomain")) return all;
  const attached = new Set(
    actions.flatMap((action) => (action.type === "AttachVolume" ? [action.volume.volume] : [])),
  );
  return all.filter(({ device }) => attached.has(device.volume));
}

/**
 * Lists the machine's volumes and boot contents in the status. Entries of volumes that were seen on the host
 * stay as they are; the others say what is to be made now.
 */
export function recordVolumes(status: VirtualMachineStatus, machine: DesiredMachine): VirtualMachineStatus {
  const { volumes: before = [], bootContents: _before, ...rest } = status;
  const kept = before.map((entry) => {
    const disk = machine.disks.find(({ spec }) => spec.volume === entry.volume);
    return disk === undefined || entry.made === true ? entry : entryOf(disk);
  });
  const added = machine.disks.filter(({ spec }) => !before.some(({ volume }) => volume === spec.volume));
  const volumes = [...kept, ...added.map(entryOf)];
  const bootContents = bootContentsOf(machine).map((content) => content.volume);
  const next = {
    ...rest,
    ...(volumes.length === 0 ? {} : { volumes }),
    ...(bootContents.length === 0 ? {} : { bootContents }),
  };
  return deepEqual(next, status) ? status : next;
}

type VolumeEntry = NonNullable<VirtualMachineStatus["volumes"]>[number];

function entryOf({ name, spec: { volume, capacityBytes, backing } }: DesiredDisk): VolumeEntry {
  const entry = { disk: name, volume, capacityBytes };
  return backing === undefined ? entry : { ...entry, backing: backing.volume };
}
