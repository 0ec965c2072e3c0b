import type { Host, Resources } from "../schema/host.ts";
import { formatRoughly, parseQuantity } from "../schema/quantity.ts";
import type { VirtualMachine } from "../schema/virtual-machine.ts";
import { formatColumns, indent } from "./output.ts";

const nothing: Resources = { cpus: 0, memoryBytes: 0, diskBytes: 0 };

/** How much a host has, keeps, gives, and has given to the machines that are placed on it. */
export function describeRoom({ spec, status }: Host, machines: readonly VirtualMachine[]): string {
  const { capacity, allocatable } = status ?? {};
  const { reserved } = spec;
  const kept = {
    cpus: reserved.cpus,
    memoryBytes: parseQuantity(reserved.memory) ?? 0,
    diskBytes: parseQuantity(reserved.disk) ?? 0,
  };
  const allocated = machines.reduce<Resources>((sum, { status: of }) => add(sum, of?.allocated), nothing);
  const columns = [capacity, kept, allocatable, allocated];
  const row = (label: string, show: (resources: Resources) => string) => [
    label,
    ...columns.map((resources) => (resources === undefined ? "?" : show(resources))),
  ];
  const table = formatColumns([
    ["", "CAPACITY", "RESERVED", "ALLOCATABLE", "ALLOCATED"],
    row("CPUs", ({ cpus }) => String(cpus)),
    row("Memory", ({ memoryBytes }) => formatRoughly(memoryBytes)),
    row("Disk", ({ diskBytes }) => formatRoughly(diskBytes)),
  ]);
  return `Room, with ${machines.length} machines placed:\n${indent(table)}`;
}

function add(sum: Resources, more: Resources = nothing): Resources {
  return {
    cpus: sum.cpus + more.cpus,
    memoryBytes: sum.memoryBytes + more.memoryBytes,
    diskBytes: sum.diskBytes + more.diskBytes,
  };
}
