import type { Resources } from "../schema/host.ts";
import type { PlacedMachine, Snapshot } from "./snapshot.ts";

/**
 * What a host lacks for a machine, and the largest share of what is asked for that this is; undefined if
 * nothing.
 */
export function lackingReduction(
  asked: Resources,
  row: number,
  { hosts }: Snapshot,
): { readonly lacking: Resources; readonly share: number } | undefined {
  const { freeCpus, freeMemory, freeDisk } = hosts.columns;
  const lacking = {
    cpus: Math.max(0, Math.ceil(asked.cpus - (freeCpus[row] ?? 0))),
    memoryBytes: Math.max(0, asked.memoryBytes - (freeMemory[row] ?? 0)),
    diskBytes: Math.max(0, asked.diskBytes - (freeDisk[row] ?? 0)),
  };
  const share = Math.max(
    shareOf(lacking.cpus, asked.cpus),
    shareOf(lacking.memoryBytes, asked.memoryBytes),
    shareOf(lacking.diskBytes, asked.diskBytes),
  );
  return share === 0 ? undefined : { lacking, share };
}

/**
 * Few machines on the host, and small ones, that together have what is lacking; undefined when all are too
 * little.
 */
export function lackingMoves(
  lacking: Resources,
  row: number,
  snapshot: Snapshot,
): readonly PlacedMachine[] | undefined {
  const bySize = [...snapshot.machinesOn(row)]
    .map((machine) => ({ machine, size: sizeBeside(machine.request.resources, lacking) }))
    .sort((left, right) => left.size - right.size);
  const one = bySize.find(({ machine }) => covers([machine], lacking));
  if (one !== undefined) return [one.machine];
  const taken: PlacedMachine[] = [];
  for (const { machine } of bySize.reverse()) {
    if (covers(taken, lacking)) break;
    taken.push(machine);
  }
  if (!covers(taken, lacking)) return undefined;
  return taken.filter((machine, _place, all) => isNeeded(machine, all, lacking));
}

/**
 * Whether the others would be too little without it. Of several that could be spared alone the first stays.
 */
function isNeeded(machine: PlacedMachine, all: readonly PlacedMachine[], lacking: Resources): boolean {
  return !covers(
    all.filter((other) => other !== machine),
    lacking,
  );
}

function covers(machines: readonly PlacedMachine[], lacking: Resources): boolean {
  const sum = { cpus: 0, memoryBytes: 0, diskBytes: 0 };
  for (const { request } of machines) {
    sum.cpus += request.resources.cpus;
    sum.memoryBytes += request.resources.memoryBytes;
    sum.diskBytes += request.resources.diskBytes;
  }
  return (
    sum.cpus >= lacking.cpus && sum.memoryBytes >= lacking.memoryBytes && sum.diskBytes >= lacking.diskBytes
  );
}

/** How large a machine is in the resources that are lacking. */
function sizeBeside({ cpus, memoryBytes, diskBytes }: Resources, lacking: Resources): number {
  return (
    (lacking.cpus > 0 ? cpus / lacking.cpus : 0) +
    (lacking.memoryBytes > 0 ? memoryBytes / lacking.memoryBytes : 0) +
    (lacking.diskBytes > 0 ? diskBytes / lacking.diskBytes : 0)
  );
}

function shareOf(part: number, whole: number): number {
  if (part <= 0) return 0;
  return whole <= 0 ? Number.POSITIVE_INFINITY : part / whole;
}
