import { formatTime } from "../../runtime/clock.ts";
import {
  type NewCondition,
  type Progress,
  removeCondition,
  setCondition,
  setProgress,
} from "../../schema/conditions.ts";
import type { Condition } from "../../schema/meta.ts";
import { formatQuantity } from "../../schema/quantity.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { type Volume, type VolumePhase, type VolumeStatus, volumeBytes } from "../../schema/volume.ts";
import type { VolumeBlock } from "./actions.ts";
import { diskOf } from "./claim.ts";

export interface VolumeStatusInput {
  /** With what must be remembered as its status. */
  readonly volume: Volume;
  readonly holder: VirtualMachine | undefined;
  readonly blockedBy?: VolumeBlock | undefined;
  /** Why the last step failed, if it did. */
  readonly failure?: string | undefined;
  readonly now: number;
}

type Claim = NewCondition & { readonly type: "Attached" };

/** The status that tells what is seen. The same reference parts when nothing changed. */
export function volumeStatus(input: VolumeStatusInput): VolumeStatus {
  const { metadata, status = {} } = input.volume;
  const observedGeneration = metadata.generation ?? 0;
  const time = formatTime(input.now);
  const phase = volumePhase(input);
  const stamp = { observedGeneration, time };
  const withReady = setProgress(status.conditions ?? [], progressOf(input, phase), stamp);
  const attached = attachedCondition(input);
  const conditions: readonly Condition[] =
    attached === undefined
      ? removeCondition(withReady, "Attached")
      : setCondition(withReady, { ...attached, observedGeneration }, time);
  return { ...status, observedGeneration, phase, conditions: [...conditions] };
}

/** The word that `get` shows. */
export function volumePhase({ volume, holder, blockedBy }: VolumeStatusInput): VolumePhase {
  const { metadata, status = {} } = volume;
  if (metadata.deletionTimestamp !== undefined) return "Deleting";
  if (status.hostName === undefined) return "Pending";
  if (blockedBy?.reason === "VolumeLost") return "Lost";
  if (blockedBy?.reason === "HostUnreachable") return "Unknown";
  if (status.capacityBytes === undefined) return "Pending";
  if (status.move?.phase === "Copying") return "Moving";
  if (status.attachedTo === undefined) return "Available";
  if (holder === undefined || diskOf(holder, volume) === undefined) return "Detaching";
  return isAttached(volume, holder) || isOff(holder) ? "Attached" : "Attaching";
}

function isAttached({ metadata }: Volume, holder: VirtualMachine): boolean {
  const record = holder.status?.attachedVolumes?.find(({ uid }) => uid === metadata.uid);
  return record?.attached === true;
}

/** It gets its volumes when it is started. */
function isOff({ status }: VirtualMachine): boolean {
  return status?.printableStatus === "Stopped";
}

function progressOf({ volume, blockedBy, failure }: VolumeStatusInput, phase: VolumePhase): Progress {
  const { hostName, capacityBytes, move } = volume.status ?? {};
  switch (phase) {
    case "Pending":
    case "Deleting":
    case "Moving":
    case "Lost": {
      const message = blockedBy?.message ?? failure ?? (move === undefined ? "" : describeMove(move));
      const now = stalls(blockedBy) ? "Stalled" : "Reconciling";
      return { ready: "False", now, reason: blockedBy?.reason ?? phase, message };
    }
    case "Unknown": {
      const message = blockedBy?.message ?? "";
      return { ready: "Unknown", now: "Reconciling", reason: "HostUnreachable", message };
    }
    case "Available":
    case "Attaching":
    case "Attached":
    case "Detaching": {
      const size = formatQuantity(capacityBytes ?? 0);
      const rest = move === undefined ? growth(volume) : describeMove(move);
      const but = blockedBy?.message ?? failure ?? rest;
      const message = `${size} on host "${hostName}"${but === undefined ? "" : `, but: ${but}`}`;
      const busy = but === undefined ? undefined : "Reconciling";
      return { ready: "True", now: stalls(blockedBy) ? "Stalled" : busy, reason: "Available", message };
    }
  }
}

/** What only a person can mend: data that is lost, a file that is somebody else's. */
function stalls(blockedBy: VolumeBlock | undefined): boolean {
  return blockedBy?.reason === "VolumeLost" || blockedBy?.reason === "Conflict";
}

function growth({ spec, status }: Volume): string | undefined {
  const bytes = volumeBytes(spec);
  return (status?.capacityBytes ?? bytes) < bytes ? `it is to grow to ${formatQuantity(bytes)}` : undefined;
}

function describeMove({ source, target, phase }: NonNullable<VolumeStatus["move"]>): string {
  switch (phase) {
    case "Copying":
      return `its data is being copied from host "${source}" to host "${target}"`;
    case "Cleaning":
      return `its old copy on host "${source}" is still to be removed`;
    case "Cancelling":
      return `an unfinished copy on host "${target}" is still to be removed`;
  }
}

function attachedCondition({
  volume,
  holder,
}: VolumeStatusInput): Omit<Claim, "observedGeneration"> | undefined {
  const { attachedTo } = volume.status ?? {};
  if (attachedTo === undefined) return undefined;
  const { name, disk } = attachedTo;
  const where = `machine "${name}" as disk "${disk}"`;
  const set = (status: "True" | "False", reason: string, message: string) =>
    ({ type: "Attached", status, reason, message }) as const;
  if (holder === undefined || diskOf(holder, volume) === undefined) {
    return set("True", "Detaching", `${where} has not let it go yet`);
  }
  if (isAttached(volume, holder)) return set("True", "Attached", `attached to ${where}`);
  if (isOff(holder))
    return set("True", "AtNextStart", `reserved for ${where}, which gets it at its next start`);
  return set("False", "Attaching", `reserved for ${where}, which does not have it yet`);
}
