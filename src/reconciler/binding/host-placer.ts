import type { HostState, Profile } from "../../scheduler/framework.ts";
import { type Placement, schedule } from "../../scheduler/schedule.ts";
import type { Host, Resources } from "../../schema/host.ts";
import type { Placements } from "./placements.ts";

export interface HostPlacerOptions {
  readonly hosts: () => readonly Host[];
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

  place(uid: string, resources: Resources): Placement {
    const { hosts, placements, profile } = this.#options;
    const states = hosts().map((host) => this.#stateOf(host));
    const placement = schedule({ resources }, states, profile);
    if (placement.type === "placed") placements.set(uid, placement.hostName, resources);
    return placement;
  }

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
