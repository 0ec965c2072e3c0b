import type { HostState, Profile } from "../../scheduler/framework.ts";
import { resourcesFit } from "../../scheduler/plugins/resources-fit.ts";
import { type Placement, schedule } from "../../scheduler/schedule.ts";
import type { Host, Resources } from "../../schema/host.ts";
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
    const states = hosts().map((host) => this.#stateOf(host));
    const placement = schedule({ resources }, states, profile);
    if (placement.type === "placed") placements.set(uid, placement.hostName, resources);
    return placement;
  }

  /** Makes what a placed machine has reserved on its host this much. Returns why there is no room for it. */
  reserve(uid: string, hostName: string, resources: Resources): string | undefined {
    const { hostNamed, placements } = this.#options;
    const host = hostNamed(hostName);
    if (host === undefined) return "gone";
    const promised = placements.promisedTo(uid, hostName);
    const state = this.#stateOf(host);
    const others = { ...state, allocated: subtract(state.allocated, promised) };
    const refusal = isWithin(resources, promised) ? undefined : resourcesFit.reject({ resources }, others);
    if (refusal === undefined) placements.set(uid, hostName, resources);
    return refusal;
  }

  /** Gives back what the machine has reserved. */
  release(uid: string): void {
    this.#options.placements.remove(uid);
  }

  #stateOf({ metadata, spec, status }: Host): HostState {
    const { isConnected, placements } = this.#options;
    return {
      name: metadata.name,
      ready: isConnected(metadata.name),
      unschedulable: spec.unschedulable || metadata.deletionTimestamp !== undefined,
      acceleratorKnown: status?.accelerator !== undefined,
      allocatable: status?.allocatable ?? nothing,
      allocated: placements.allocatedOn(metadata.name),
    };
  }
}

function isWithin(asked: Resources, promised: Resources): boolean {
  return (
    asked.cpus <= promised.cpus &&
    asked.memoryBytes <= promised.memoryBytes &&
    asked.diskBytes <= promised.diskBytes
  );
}
