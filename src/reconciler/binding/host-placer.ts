import type { Profile } from "../../scheduler/framework.ts";
import type { HostState } from "../../scheduler/host-state.ts";
import { resourcesFit } from "../../scheduler/plugins/resources-fit.ts";
import type { PlacementRequest } from "../../scheduler/request.ts";
import { type Placement, schedule } from "../../scheduler/schedule.ts";
import { Snapshot } from "../../scheduler/snapshot.ts";
import type { Host, Resources } from "../../schema/host.ts";
import { hostLabels } from "../../schema/host-labels.ts";
import { type Placements, subtract } from "./placements.ts";

export interface HostPlacerOptions {
  readonly hosts: () => readonly Host[];
  readonly hostNamed: (name: string) => Host | undefined;
  /** Whether the host answers now. */
  readonly isConnected: (hostName: string) => boolean;
  readonly placements: Placements;
  readonly profile: Profile;
}

const nothing: Resources = { cpus: 0, memoryBytes: 0, diskBytes: 0 };

/** Chooses a host for a machine and reserves its room in the same turn, so that no other gets it. */
export class HostPlacer {
  readonly #options: HostPlacerOptions;

  constructor(options: HostPlacerOptions) {
    this.#options = options;
  }

  /** Finds a host with room and reserves it. */
  place(uid: string, resources: Resources): Placement {
    const { hosts, placements, profile } = this.#options;
    const snapshot = new Snapshot();
    for (const host of hosts()) {
      const { name } = host.metadata;
      snapshot.setHost(this.#stateOf(host));
      snapshot.assume(requestOf(`promised on ${name}`, placements.allocatedOn(name)), name);
    }
    const placement = schedule(requestOf(uid, resources), snapshot, profile);
    if (placement.type === "placed") placements.set(uid, placement.hostName, resources);
    return placement;
  }

  /** Makes what a placed machine has reserved on its host this much. Returns why there is no room for it. */
  reserve(uid: string, hostName: string, resources: Resources): string | undefined {
    const { hostNamed, placements } = this.#options;
    const host = hostNamed(hostName);
    if (host === undefined) return "gone";
    const promised = placements.promisedTo(uid, hostName);
    const others = subtract(placements.allocatedOn(hostName), promised);
    const refusal = isWithin(resources, promised) ? undefined : this.#lacking(host, others, resources);
    if (refusal === undefined) placements.set(uid, hostName, resources);
    return refusal;
  }

  /** Gives back what the machine has reserved. */
  release(uid: string): void {
    this.#options.placements.remove(uid);
  }

  #lacking(host: Host, promised: Resources, resources: Resources): string | undefined {
    const snapshot = new Snapshot();
    const { name } = host.metadata;
    snapshot.setHost(this.#stateOf(host));
    snapshot.assume(requestOf("promised", promised), name);
    const filter = resourcesFit.prepare(requestOf("asked", resources), snapshot);
    return filter?.refusal(snapshot.hosts.rowOf(name) ?? -1);
  }

  #stateOf(host: Host): HostState {
    const { metadata, spec, status } = host;
    return {
      name: metadata.name,
      createdAt: metadata.creationTimestamp ?? "",
      ready: this.#options.isConnected(metadata.name),
      unschedulable: spec.unschedulable || metadata.deletionTimestamp !== undefined,
      acceleratorKnown: status?.accelerator !== undefined,
      architecture: status?.architecture,
      labels: hostLabels(host),
      taints: spec.taints ?? [],
      allocatable: status?.allocatable ?? nothing,
      contents: noContents,
      failures: 0,
    };
  }
}

const noContents: ReadonlySet<string> = new Set();

/** So far a machine's size is all that is known of it here. */
function requestOf(uid: string, resources: Resources): PlacementRequest {
  return {
    uid,
    namespace: "",
    name: "",
    labels: {},
    resources,
    architectures: [],
    contents: [],
    volumeHosts: [],
    rules: {},
    priority: 0,
    preemptionPolicy: "Never",
  };
}

function isWithin(asked: Resources, promised: Resources): boolean {
  return (
    asked.cpus <= promised.cpus &&
    asked.memoryBytes <= promised.memoryBytes &&
    asked.diskBytes <= promised.diskBytes
  );
}
