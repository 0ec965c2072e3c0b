import { hasReason, StatusError } from "../../runtime/errors.ts";
import { keyOf } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { type Volume, VolumeKind } from "../../schema/volume.ts";
import type { SeedContext, SeedRequest } from "./context.ts";
import { inTime } from "./deadline.ts";
import { hostOf } from "./machine-state.ts";
import { machineIn } from "./machines.ts";
import { until } from "./until.ts";
import { assertFree, volumeIn } from "./volumes.ts";

const attemptsMax = 10;
const undoMs = 15_000;

/** Gives a free volume to a machine; returns when the machine has it. A failure leaves the volume free. */
export function attachVolume(context: SeedContext, { parameters, signal }: SeedRequest): Promise<void> {
  return inTime(context, signal, async (signal) => {
    const { object: volume } = await volumeIn(context, parameters, "get");
    const { id, object: vm } = await machineIn(context, parameters, "update");
    if (hostOf(vm) === undefined)
      throw new StatusError("Conflict", `vmid ${id} is not known to be anywhere now`);
    // Who asks for it first has it: the next one sees that.
    await context.volumeLine.run(signal, async () => {
      await assertFree(context, volume);
      await addDisk(context, vm, volume);
    });
    try {
      await until(context.store, { kind: VolumeKind, object: volume, signal }, (found) => hasIt(found, vm));
    } catch (error) {
      await removeDisk(context, vm, volume);
      await freeAgain(context, volume);
      throw error;
    }
  });
}

/** Takes a volume from the machine that has it; returns when it is free. A failure leaves it where it is. */
export function detachVolume(context: SeedContext, { parameters, signal }: SeedRequest): Promise<void> {
  return inTime(context, signal, async (signal) => {
    const { object: volume } = await volumeIn(context, parameters, "get");
    const holder = await machineWith(context, volume);
    if (holder === undefined) throw new StatusError("Conflict", "no machine has the volume");
    context.judge("update", VirtualMachineKind, holder.metadata);
    await removeDisk(context, holder, volume);
    try {
      await until(context.store, { kind: VolumeKind, object: volume, signal }, isFree);
    } catch (error) {
      // The guest has not let it go: that it has the volume is meant to be again.
      await addDisk(context, holder, volume).catch(() => undefined);
      throw error;
    }
  });
}

function hasIt(volume: Volume | undefined, vm: VirtualMachine): true | undefined {
  if (volume === undefined) throw new StatusError("NotFound", "the volume was deleted");
  const { phase, attachedTo } = volume.status ?? {};
  if (attachedTo !== undefined && attachedTo.uid !== vm.metadata.uid) {
    throw new StatusError("Conflict", "another machine has the volume");
  }
  return phase === "Attached" && attachedTo !== undefined ? true : undefined;
}

function isFree(volume: Volume | undefined): true | undefined {
  if (volume === undefined) throw new StatusError("NotFound", "the volume was deleted");
  const { phase, attachedTo } = volume.status ?? {};
  return phase === "Available" && attachedTo === undefined ? true : undefined;
}

async function machineWith(
  { store }: SeedContext,
  { metadata }: Volume,
): Promise<VirtualMachine | undefined> {
  const { items } = await store.list(VirtualMachineKind, { namespace: metadata.namespace });
  return items.find(({ spec }) => spec.disks.some(({ volume }) => volume === metadata.name));
}

function addDisk(context: SeedContext, vm: VirtualMachine, volume: Volume): Promise<void> {
  const { name, namespace } = volume.metadata;
  if (namespace !== vm.metadata.namespace) {
    throw new StatusError("Conflict", "the volume and the machine are in different namespaces");
  }
  return editDisks(context, vm, (disks) => {
    if (disks.some((disk) => disk.volume === name)) return disks;
    return [...disks, { name: freeDiskName(disks), volume: name, bus: "virtio" }];
  });
}

function removeDisk(context: SeedContext, vm: VirtualMachine, volume: Volume): Promise<void> {
  return editDisks(context, vm, (disks) => disks.filter((disk) => disk.volume !== volume.metadata.name));
}

type Disks = VirtualMachine["spec"]["disks"];

/** Changes the disks of a machine as it is now; nothing when it is gone. */
async function editDisks(
  { store }: SeedContext,
  vm: VirtualMachine,
  edit: (disks: Disks) => Disks,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await store.get(VirtualMachineKind, keyOf(vm));
    if (current === undefined || current.metadata.uid !== vm.metadata.uid) return;
    try {
      const spec = { ...current.spec, disks: edit(current.spec.disks) };
      await store.update(VirtualMachineKind, { ...current, spec });
      return;
    } catch (error) {
      if (hasReason(error, "NotFound")) return;
      if (!hasReason(error, "Conflict") || attempt === attemptsMax) throw error;
    }
  }
}

function freeDiskName(disks: Disks): string {
  const taken = new Set(disks.map(({ name }) => name));
  for (let number = 1; ; number += 1) {
    if (!taken.has(`volume-${number}`)) return `volume-${number}`;
  }
}

/** Waits for a while until the volume is free again: who is told of a failure may ask anew at once. */
async function freeAgain(context: SeedContext, volume: Volume): Promise<void> {
  const patience = { ...context, settings: { ...context.settings, timeoutMs: undoMs } };
  await inTime(patience, new AbortController().signal, (signal) =>
    until(context.store, { kind: VolumeKind, object: volume, signal }, isFree),
  ).catch(() => undefined);
}
