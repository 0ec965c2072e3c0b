import type { HostState } from "../../scheduler/host-state.ts";
import type { Host, Resources } from "../../schema/host.ts";
import { hostLabels } from "../../schema/host-labels.ts";

/** What is known of a host beside its object. */
export interface HostSituation {
  /** Whether it answers now. */
  readonly connected: boolean;
  /** The names of the volumes in our pool. */
  readonly volumes: Iterable<string>;
}

const nothing: Resources = { cpus: 0, memoryBytes: 0, diskBytes: 0 };

/** A host as the scheduler sees it. */
export function hostStateOf(host: Host, { connected, volumes }: HostSituation): Omit<HostState, "failures"> {
  const { metadata, spec, status } = host;
  return {
    name: metadata.name,
    createdAt: metadata.creationTimestamp ?? "",
    ready: connected && status?.duplicateOf === undefined,
    unschedulable: spec.unschedulable || metadata.deletionTimestamp !== undefined,
    acceleratorKnown: status?.accelerator !== undefined,
    architecture: status?.architecture,
    labels: hostLabels(host),
    taints: spec.taints ?? [],
    allocatable: status?.allocatable ?? nothing,
    contents: new Set([...volumes].filter((name) => name.startsWith("image-"))),
  };
}
