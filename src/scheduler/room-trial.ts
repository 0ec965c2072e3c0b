import type { Profile } from "./framework.ts";
import type { PlacementRequest } from "./request.ts";
import { prepare } from "./schedule.ts";
import type { PlacedMachine, Snapshot } from "./snapshot.ts";

/** Machines of one host make room and take it back, and it is seen whether another fits there. */
export interface RoomTrial {
  leave(machine: PlacedMachine): void;
  stay(machine: PlacedMachine): void;
  fits(): boolean;
}

/** Has a machine make room: one with disks stays where they are, without CPUs and memory. */
export function makeRoom({ request, hostName }: PlacedMachine, snapshot: Snapshot): void {
  const { uid, resources, volumeHosts } = request;
  if (resources.diskBytes === 0 && volumeHosts.length === 0) snapshot.forget(uid);
  else snapshot.assume({ ...request, resources: { ...resources, cpus: 0, memoryBytes: 0 } }, hostName);
}

/**
 * Tries on the snapshot itself: every rule of the profile counts, and every step costs as much as asking them
 * all. Whoever tries has every machine stay again in the end.
 */
export function trialByRules(
  request: PlacementRequest,
  row: number,
  snapshot: Snapshot,
  profile: Profile,
): RoomTrial {
  return {
    leave: (machine) => makeRoom(machine, snapshot),
    stay: (machine) => snapshot.assume(machine.request, machine.hostName),
    fits: () =>
      prepare(request, snapshot, profile).filters.every(({ refusal }) => refusal(row) === undefined),
  };
}

/** Tries by adding up CPUs and memory alone, for a machine to which nothing else of others matters. */
export function trialByAmounts({ resources }: PlacementRequest, row: number, { hosts }: Snapshot): RoomTrial {
  let cpus = hosts.columns.freeCpus[row] ?? 0;
  let memory = hosts.columns.freeMemory[row] ?? 0;
  const disk = hosts.columns.freeDisk[row] ?? 0;
  const give = ({ request }: PlacedMachine, sign: 1 | -1): void => {
    cpus += sign * request.resources.cpus;
    memory += sign * request.resources.memoryBytes;
  };
  return {
    leave: (machine) => give(machine, 1),
    stay: (machine) => give(machine, -1),
    fits: () => cpus >= resources.cpus && memory >= resources.memoryBytes && disk >= resources.diskBytes,
  };
}
