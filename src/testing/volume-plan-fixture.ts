import type { HostRoom, Place, VolumePlanInput } from "../reconciler/volume/plan-input.ts";
import { admit } from "../schema/admission.ts";
import type { AttachedVolume, VirtualMachine } from "../schema/virtual-machine.ts";
import {
  type Volume,
  VolumeKind,
  type VolumeMove,
  type VolumeStatus,
  volumeFileName,
  volumeFinalizer,
} from "../schema/volume.ts";
import { machine, uid as machineUid } from "./machine-fixture.ts";

export const volumeUid = "76543210-89ab-4cde-8f01-23456789abcd";
export const file = volumeFileName(volumeUid, "qcow2");
export const GiB = 2 ** 30;

/** A volume of 1 GiB as the store would hand it out. */
export function volume(
  status: VolumeStatus = {},
  metadata: Record<string, unknown> = {},
  spec: Record<string, unknown> = {},
): Volume {
  const admitted = admit(VolumeKind, {
    apiVersion: "ostler.dev/v1",
    kind: "Volume",
    metadata: { name: "data", namespace: "default", uid: volumeUid, generation: 1, ...metadata },
    spec: { size: "1Gi", ...spec },
  });
  return { ...admitted, status, metadata: { ...admitted.metadata, finalizers: [volumeFinalizer] } };
}

export const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z" };

/** Made, and on this host. */
export function on(hostName: string, more: VolumeStatus = {}): VolumeStatus {
  return { hostName, hostUuid: `uuid-${hostName}`, volume: file, capacityBytes: GiB, ...more };
}

/** A move between the two. */
export function moving(source: string, target: string, phase: VolumeMove["phase"]): VolumeMove {
  return { source, sourceUuid: `uuid-${source}`, target, targetUuid: `uuid-${target}`, phase };
}

export const claim = { name: "web", uid: machineUid, disk: "data" };
export const record: AttachedVolume = {
  disk: "data",
  name: "data",
  uid: volumeUid,
  volume: file,
  target: "vdaa",
};

/** A machine that names the volume, on a host if one is given. */
export function holderOn(hostName?: string, status: VirtualMachine["status"] = {}): VirtualMachine {
  const placed = hostName === undefined ? {} : { hostName };
  const disks = [{ name: "data", volume: "data" }];
  return machine({ disks }, { ...placed, ...status }, { namespace: "default" });
}

/** A host that answers, with the volume on it unless told. */
export function known(hostName: string, capacityBytes: number | undefined = GiB): readonly [string, Place] {
  const volumes = capacityBytes === undefined ? [] : [[file, { name: file, capacityBytes }] as const];
  return [hostName, { type: "known", hostUuid: `uuid-${hostName}`, volumes: new Map(volumes) }];
}

/** A host that answers and has nothing. */
export function empty(hostName: string): readonly [string, Place] {
  return [hostName, { type: "known", hostUuid: `uuid-${hostName}`, volumes: new Map() }];
}

export function away(hostName: string): readonly [string, Place] {
  return [hostName, { type: "unknown", message: `host "${hostName}" cannot be asked` }];
}

/** A host that there is no more. */
export function removed(hostName: string): readonly [string, Place] {
  return [hostName, { type: "unknown", message: `there is no Host "${hostName}"`, isRemoved: true }];
}

export function room(name: string, freeDiskBytes = 100 * GiB, closed?: HostRoom["closed"]): HostRoom {
  return { name, freeDiskBytes, ...(closed === undefined ? {} : { closed }) };
}

/** Everything that a plan is made from. */
export function volumePlanInput(
  given: Volume,
  places: readonly (readonly [string, Place])[],
  more: Partial<VolumePlanInput> = {},
): VolumePlanInput {
  const hosts = places.map(([name, { type }]) =>
    room(name, 100 * GiB, type === "known" ? undefined : "not ready"),
  );
  return { volume: given, holder: undefined, wanting: [], places: new Map(places), hosts, ...more };
}
