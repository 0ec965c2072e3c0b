import type { HostState } from "../scheduler/host-state.ts";
import type { PlacementRequest } from "../scheduler/request.ts";

/** An empty host with room for 8 CPUs, 800 bytes of memory and 8,000 of disk. */
export function hostState(changes: Partial<HostState> = {}): HostState {
  const { name = "h1", labels = {} } = changes;
  return {
    name,
    createdAt: "",
    ready: true,
    unschedulable: false,
    acceleratorKnown: true,
    architecture: "x86_64",
    taints: [],
    allocatable: { cpus: 8, memoryBytes: 800, diskBytes: 8_000 },
    contents: new Set(),
    failures: 0,
    ...changes,
    labels: { "ostler.dev/arch": "x86_64", ...labels, "ostler.dev/hostname": name },
  };
}

/** A request for so many CPUs, with 100 bytes of memory and 1,000 of disk for each. */
export function request(cpus: number, changes: Partial<PlacementRequest> = {}): PlacementRequest {
  const { name = "m1" } = changes;
  return {
    uid: `uid-of-${name}`,
    namespace: "default",
    name,
    labels: {},
    resources: { cpus, memoryBytes: cpus * 100, diskBytes: cpus * 1_000 },
    architectures: [],
    contents: [],
    volumeHosts: [],
    rules: {},
    priority: 0,
    preemptible: true,
    preemptionPolicy: "PreemptLowerPriority",
    ...changes,
  };
}
