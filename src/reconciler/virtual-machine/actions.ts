import type { DomainDefinition, DomainVolume, OwnershipMark, VolumeSpec } from "../../drivers/driver.ts";

/** An image's content under its name on every host. */
export interface ContentRef {
  /** The Image resource it comes from. */
  readonly image: string;
  readonly volume: string;
  readonly format: "raw" | "qcow2";
}

/** One step on the host; `because` says why, for logs and events. */
export type Action =
  | { readonly type: "EnsureContent"; readonly content: ContentRef; readonly because: string }
  | { readonly type: "EnsureVolume"; readonly spec: VolumeSpec; readonly because: string }
  | { readonly type: "DefineDomain"; readonly definition: DomainDefinition; readonly because: string }
  | {
      readonly type: "AttachVolume" | "DetachVolume";
      readonly mark: OwnershipMark;
      readonly volume: DomainVolume;
      readonly because: string;
    }
  | {
      readonly type: "GrowVolume";
      readonly mark: OwnershipMark;
      readonly volume: DomainVolume;
      readonly capacityBytes: number;
      readonly because: string;
    }
  | { readonly type: DomainVerb; readonly mark: OwnershipMark; readonly because: string }
  | { readonly type: "DeleteVolume"; readonly volume: string; readonly because: string };

export type DomainVerb =
  | "StartDomain"
  | "SuspendDomain"
  | "ResumeDomain"
  | "ShutdownDomain"
  | "DestroyDomain"
  | "UndefineDomain";

/** Why nothing can be done now; `reason` is a CamelCase word for conditions. */
export interface BlockReason {
  readonly reason:
    | "Conflict"
    | "CrashLoopBackOff"
    | "DiskTooSmall"
    | "HostNotReady"
    | "HostUnreachable"
    | "ImageNotFound"
    | "ImageNotADisk"
    | "ImageNotReady"
    | "InstanceTypeNotFound"
    | "Paused"
    | "PlacementPolicyNotFound"
    | "Preempted"
    | "PriorityClassNotFound"
    | "Unschedulable"
    | "VolumeInUse"
    | "VolumeMissing"
    | "VolumeNotFound"
    | "VolumeNotReady";
  readonly message: string;
}

/** What to do next for one machine; empty and unblocked means that it is as it should be. */
export interface Plan {
  readonly actions: readonly Action[];
  readonly blockedBy?: BlockReason;
  readonly requeueAfterMs?: number;
}

const stillBlockedMs = 30_000;

/** Nothing to do but to look again after a while, should nothing call for it earlier. */
export function blocked(blockedBy: BlockReason): Plan {
  return { actions: [], blockedBy, requeueAfterMs: stillBlockedMs };
}

export function starts({ actions }: Plan): boolean {
  return actions.some(({ type }) => type === "StartDomain");
}

/** Whether nothing is left to do and nothing to wait for. */
export function isAtRest(plan: Plan): boolean {
  return plan.actions.length === 0 && plan.blockedBy === undefined;
}
