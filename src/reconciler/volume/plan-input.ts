import type { ObservedVolume } from "../../drivers/driver.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { Volume } from "../../schema/volume.ts";

/** What is known of a host now. */
export type Place =
  | {
      readonly type: "known";
      readonly hostUuid: string;
      readonly volumes: ReadonlyMap<string, ObservedVolume>;
    }
  /** Nothing can be found out about what is there. */
  | {
      readonly type: "unknown";
      readonly message: string;
      /** There is no such Host any more: nothing is expected of it. */
      readonly isRemoved?: true;
    };

/** A host on which a volume might be made. */
export interface HostRoom {
  readonly name: string;
  /** Why nothing new is made there; absent when it may be. */
  readonly closed?: "cordoned" | "being deleted" | "not ready";
  readonly freeDiskBytes: number;
}

export interface VolumePlanInput {
  readonly volume: Volume;
  /**
   * The machine that has the claim, read after the volume was: undefined when it is gone, which means that
   * nothing of it is left on any host.
   */
  readonly holder: VirtualMachine | undefined;
  /** Machines that name it in their spec and are not being deleted. */
  readonly wanting: readonly VirtualMachine[];
  /** By name: the hosts that the volume, its move and its holder speak of, whatever they are called now. */
  readonly places: ReadonlyMap<string, Place>;
  readonly hosts: readonly HostRoom[];
  /** What the host where the data is, whose Host was removed, is called now. */
  readonly renamedTo?: string | undefined;
}
