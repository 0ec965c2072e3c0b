import { type Measure, measureMachine } from "../../schema/machine-size.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { BlockReason } from "./actions.ts";
import type { Lookups } from "./desired.ts";

/** How large a machine is, or why that cannot be said. */
export function resolveMeasure(
  { spec }: VirtualMachine,
  lookups: Pick<Lookups, "instanceType">,
): { readonly found: Measure } | { readonly blockedBy: BlockReason } {
  const found = measureMachine(spec, (name) => lookups.instanceType(name));
  if (found !== undefined) return { found };
  const message = `instance type "${spec.instanceType}" does not exist: create it or name another one`;
  return { blockedBy: { reason: "InstanceTypeNotFound", message } };
}
