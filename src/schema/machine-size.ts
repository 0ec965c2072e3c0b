import type { Image } from "./image.ts";
import type { InstanceType } from "./instance-type.ts";
import { parseQuantity } from "./quantity.ts";
import type { VirtualMachine, VirtualMachineSpec } from "./virtual-machine.ts";

export interface Size {
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** What a spec or its instance type says about how large a machine is. */
export interface Measure {
  readonly size: Size;
  /** What the first disk has at least, if it is made from an image and names no size. */
  readonly rootBytes: number;
}

/** How large a machine is; undefined when its instance type does not exist. */
export function measureMachine(
  { cpus, memory, instanceType }: Pick<VirtualMachineSpec, "cpus" | "memory" | "instanceType">,
  instanceTypeNamed: (name: string) => InstanceType | undefined,
): Measure | undefined {
  if (instanceType === undefined) {
    return { size: { cpus: cpus ?? 1, memoryBytes: memoryOf(memory) }, rootBytes: 0 };
  }
  const type = instanceTypeNamed(instanceType)?.spec;
  if (type === undefined) return undefined;
  const size = { cpus: type.cpus, memoryBytes: memoryOf(type.memory) };
  return { size, rootBytes: bytesOf(type.disk) };
}

/**
 * What a machine's own disks take at most: each what it asks for, or has been made with, or what its image
 * needs
 * as far as that is known. Volumes are not its own.
 */
export function ownDisksBytes(
  { spec, status }: VirtualMachine,
  { rootBytes }: Pick<Measure, "rootBytes">,
  imageNamed: (name: string) => Image | undefined,
): number {
  const sizes = spec.disks.map(({ name, size, image, volume }, index) => {
    if (volume !== undefined) return 0;
    const asked = size === undefined && image !== undefined && index === 0 ? rootBytes : bytesOf(size);
    const made = status?.volumes?.find((entry) => entry.disk === name && entry.made === true);
    if (made !== undefined) return Math.max(asked, made.capacityBytes ?? 0);
    const found = image === undefined ? undefined : imageNamed(image);
    return Math.max(asked, found?.status?.virtualSizeBytes ?? 0);
  });
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** The bytes of a quantity that has been checked; none without one. */
export function bytesOf(quantity: string | undefined): number {
  return quantity === undefined ? 0 : (parseQuantity(quantity) ?? 0);
}

/** Hypervisors count memory in KiB, and start nothing with less than a MiB. */
function memoryOf(quantity: string | undefined): number {
  return Math.ceil(Math.max(2 ** 20, bytesOf(quantity)) / 1024) * 1024;
}
