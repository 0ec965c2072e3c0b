import type { HostState, PlacementRequest } from "../scheduler/framework.ts";

/** An empty host with room for 8 CPUs, 800 bytes of memory and 8,000 of disk. */
export function hostState(changes: Partial<HostState> = {}): HostState {
  return {
    name: "h1",
    ready: true,
    unschedulable: false,
    acceleratorKnown: true,
    allocatable: { cpus: 8, memoryBytes: 800, diskBytes: 8_000 },
    allocated: { cpus: 0, memoryBytes: 0, diskBytes: 0 },
    ...changes,
  };
}

/** A request for so many CPUs, with 100 bytes of memory and 1,000 of disk for each. */
export function request(cpus: number): PlacementRequest {
  return { resources: { cpus, memoryBytes: cpus * 100, diskBytes: cpus * 1_000 } };
}
