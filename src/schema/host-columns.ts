import { isTrue } from "./conditions.ts";
import type { Host } from "./host.ts";
import type { Column } from "./kind.ts";
import { formatRoughly } from "./quantity.ts";

/** What `get hosts` shows. */
export const hostColumns: readonly Column<Host>[] = [
  { name: "Ready", path: "status.conditions[Ready].status", type: "string" },
  {
    name: "Reason",
    path: "status.conditions[Ready].reason",
    type: "string",
    description: "Why it is not ready, or that it takes no new machines.",
    show: (reason, host) => reasonOf(host, reason),
  },
  { name: "Accelerator", path: "status.accelerator", type: "string" },
  { name: "CPUs", path: "status.capacity.cpus", type: "integer" },
  { name: "Memory", path: "status.capacity.memoryBytes", type: "string", show: roughly },
  { name: "Disk", path: "status.capacity.diskBytes", type: "string", wide: true, show: roughly },
  { name: "Foreign", path: "status.foreignDomains.active", type: "integer", wide: true },
  {
    name: "Last seen",
    path: "status.lastSeenTime",
    type: "date",
    wide: true,
    description: "When it last said anything; only while it does not answer.",
    show: (time) => (typeof time === "string" ? time : undefined),
  },
  { name: "Hypervisor", path: "status.hypervisor.version", type: "string", wide: true },
  { name: "Libvirt", path: "status.hypervisor.libvirt", type: "string", wide: true },
  { name: "URI", path: "spec.uri", type: "string", wide: true },
];

function roughly(bytes: unknown): string | undefined {
  return typeof bytes === "number" ? formatRoughly(bytes) : undefined;
}

function reasonOf({ spec, status }: Host, reason: unknown): string | undefined {
  if (status?.fence !== undefined) return "ConfirmedDown";
  if (!isTrue(status?.conditions, "Ready")) return typeof reason === "string" ? reason : undefined;
  return spec.unschedulable ? "Cordoned" : undefined;
}
