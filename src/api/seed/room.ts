import { isTrue } from "../../schema/conditions.ts";
import type { Host, Resources } from "../../schema/host.ts";
import type { InstanceType } from "../../schema/instance-type.ts";
import { parseQuantity } from "../../schema/quantity.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { type Volume, VolumeKind, volumeBytes } from "../../schema/volume.ts";
import type { Store } from "../../store/store.ts";

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** Resources in the units of the flat API: CPUs, MB and GB, as `free -m` and `df` count them. */
export interface SeedSize {
  readonly cpu: number;
  readonly ram: number;
  readonly disk: number;
}

/** Whether what a host says about itself is known to be true now. */
export function isKnown(host: Host): boolean {
  const { conditions, capacity, allocatable } = host.status ?? {};
  return isTrue(conditions, "Ready") && capacity !== undefined && allocatable !== undefined;
}

/** What hosts have promised room to. */
export interface Tenants {
  readonly machines: readonly VirtualMachine[];
  readonly volumes: readonly Volume[];
}

/** All there are. */
export async function listTenants(store: Pick<Store, "list">): Promise<Tenants> {
  const [machines, volumes] = [await store.list(VirtualMachineKind), await store.list(VolumeKind)];
  return { machines: machines.items, volumes: volumes.items };
}

/** What is left of a host when everything that was promised is given. */
export function freeOn(host: Host, { machines, volumes }: Tenants): Resources {
  const { name } = host.metadata;
  const promised = [
    ...machines.map(({ status }) => (status?.hostName === name ? status.allocated : undefined)),
    // While one is moved it takes room in both places.
    ...volumes.flatMap(({ spec, status }) => {
      const places = new Set([status?.hostName, status?.move?.source, status?.move?.target]);
      return places.has(name) ? [{ cpus: 0, memoryBytes: 0, diskBytes: volumeBytes(spec) }] : [];
    }),
  ];
  const { allocatable = nothing } = host.status ?? {};
  return promised.reduce<Resources>((left, taken = nothing) => subtract(left, taken), allocatable);
}

/** Whether a host may be given a machine of this size. */
export function hasRoom(host: Host, tenants: Tenants, size: Resources): boolean {
  if (!isKnown(host) || host.spec.unschedulable || host.metadata.deletionTimestamp !== undefined)
    return false;
  const free = freeOn(host, tenants);
  return free.cpus >= size.cpus && free.memoryBytes >= size.memoryBytes && free.diskBytes >= size.diskBytes;
}

/** What a machine of this type takes that is made from an image. */
export function sizeOfMachine({ spec }: InstanceType, imageBytes: number): Resources {
  return {
    cpus: spec.cpus,
    memoryBytes: parseQuantity(spec.memory) ?? 0,
    diskBytes: Math.max(imageBytes, parseQuantity(spec.disk ?? "0") ?? 0),
  };
}

/** In whole units; what is left over of a unit cannot be given to anybody. */
export function inUnits({ cpus, memoryBytes, diskBytes }: Resources): SeedSize {
  return {
    cpu: whole(cpus),
    ram: whole(memoryBytes / mebibyte),
    disk: whole(diskBytes / gibibyte),
  };
}

/** A type's size; a fraction is a fraction here, as the type's file may have had one. */
export function typeInUnits({ spec }: InstanceType): SeedSize {
  return {
    cpu: spec.cpus,
    ram: (parseQuantity(spec.memory) ?? 0) / mebibyte,
    disk: (parseQuantity(spec.disk ?? "0") ?? 0) / gibibyte,
  };
}

const nothing: Resources = { cpus: 0, memoryBytes: 0, diskBytes: 0 };

function subtract(a: Resources, b: Resources): Resources {
  return {
    cpus: a.cpus - b.cpus,
    memoryBytes: a.memoryBytes - b.memoryBytes,
    diskBytes: a.diskBytes - b.diskBytes,
  };
}

function whole(value: number): number {
  return Math.max(0, Math.floor(value));
}
