import type { VolumeSpec } from "../../drivers/driver.ts";
import type { VolumeStatus } from "../../schema/volume.ts";

/** A machine, and the name under which it answers now: another one under that name is not meant. */
export interface Spot {
  readonly hostName: string;
  readonly hostUuid: string;
}

/** One step on hosts; `because` says why, for logs. */
export type VolumeAction =
  /** Makes it, or grows it. */
  | {
      readonly type: "EnsureVolume";
      readonly at: Spot;
      readonly spec: VolumeSpec;
      readonly because: string;
    }
  | {
      readonly type: "CopyVolume";
      readonly source: Spot;
      readonly target: Spot;
      readonly volume: string;
      readonly format: "raw" | "qcow2";
      readonly because: string;
    }
  | {
      readonly type: "DeleteVolume";
      readonly at: Spot;
      readonly volume: string;
      readonly because: string;
    };

/** Why nothing can be done now; `reason` is a CamelCase word for conditions. */
export interface VolumeBlock {
  readonly reason: "Conflict" | "HostUnreachable" | "InUse" | "Unschedulable" | "VolumeLost";
  readonly message: string;
}

/** The next step, and only one: what follows from it is planned when it has been taken. */
export type VolumePlan =
  /** Write this down before anything else is done or concluded. */
  | {
      readonly type: "record";
      readonly status: VolumeStatus;
      /** Why nobody can use the volume, whatever is written down of it. */
      readonly blockedBy?: VolumeBlock | undefined;
    }
  /** Write down that it moves, once it has been seen that there is nothing of it on the target. */
  | { readonly type: "beginMove"; readonly status: VolumeStatus; readonly target: Spot }
  | { readonly type: "act"; readonly action: VolumeAction }
  /** Nothing is left on any host: the object may go. */
  | { readonly type: "letGo" }
  | { readonly type: "rest"; readonly blockedBy?: VolumeBlock };
