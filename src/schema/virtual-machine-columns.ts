import { findCondition, isTrue } from "./conditions.ts";
import { guestAddresses } from "./guest-addresses.ts";
import type { Column } from "./kind.ts";
import { formatQuantity, formatRoughly, parseQuantity } from "./quantity.ts";
import type { VirtualMachine } from "./virtual-machine.ts";

/** What `get vm` shows. */
export const virtualMachineColumns: readonly Column<VirtualMachine>[] = [
  { name: "Status", path: "status.printableStatus", type: "string" },
  { name: "Ready", path: "status.conditions[Ready].status", type: "string" },
  { name: "Host", path: "status.hostName", type: "string" },
  {
    name: "Address",
    path: "status.interfaces",
    type: "string",
    description: "The guest's first address, as far as its host knows it.",
    show: (_interfaces, { status }) => guestAddresses(status)[0],
  },
  {
    name: "CPUs",
    path: "spec.cpus",
    type: "integer",
    description: "Its own, or what its instance type has given it.",
    show: (_cpus, { spec, status }) => spec.cpus ?? status?.allocated?.cpus,
  },
  {
    name: "Memory",
    path: "spec.memory",
    type: "string",
    description: "Its own, or what its instance type has given it.",
    show: (_memory, { spec, status }) => shownMemory(spec.memory, status?.allocated?.memoryBytes),
  },
  {
    name: "Reason",
    path: "status.conditions[Ready].reason",
    type: "string",
    wide: true,
    description: "Why it is not ready.",
    show: (_reason, { status }) =>
      isTrue(status?.conditions, "Ready") ? undefined : findCondition(status?.conditions, "Ready")?.reason,
  },
  { name: "Strategy", path: "spec.runStrategy", type: "string", wide: true },
  { name: "Type", path: "spec.instanceType", type: "string", wide: true },
  { name: "Domain", path: "status.domain.name", type: "string", wide: true },
];

function shownMemory(asked: string | undefined, allocated: number | undefined): string | undefined {
  const bytes = asked === undefined ? undefined : parseQuantity(asked);
  if (bytes !== undefined) return formatQuantity(bytes);
  return allocated === undefined ? undefined : formatRoughly(allocated);
}
