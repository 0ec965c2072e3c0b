import { parseQuantity } from "../../schema/quantity.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { BlockReason } from "./actions.ts";
import type { Lookups } from "./desired.ts";

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

/** How large a machine is, or why that cannot be said. */
export function resolveMeasure(
  { spec }: VirtualMachine,
  lookups: Pick<Lookups, "instanceType">,
): { readonly found: Measure } | { readonly blockedBy: BlockReason } {
  const { cpus, memory, instanceType } = spec;
  if (instanceType === undefined) {
    return { found: { size: { cpus: cpus ?? 1, memoryBytes: memoryOf(memory) }, rootBytes: 0 } };
  }
  const type = lookups.instanceType(instanceType);
  if (type === undefined) {
    const message = `instance type "${instanceType}" does not exist: create it or name another one`;
    return { blockedBy: { reason: "InstanceTypeNotFound", message } };
  }
  const size = { cpus: type.spec.cpus, memoryBytes: memoryOf(type.spec.memory) };
  return { found: { size, rootBytes: bytesOf(type.spec.disk) } };
}

/** The bytes of a quantity that has been checked; none without one. */
export function bytesOf(quantity: string | undefined): number {
  return quantity === undefined ? 0 : (parseQuantity(quantity) ?? 0);
}

/** Hypervisors count memory in KiB, and start nothing with less than a MiB. */
function memoryOf(quantity: string | undefined): number {
  return Math.ceil(Math.max(2 ** 20, bytesOf(quantity)) / 1024) * 1024;
}
