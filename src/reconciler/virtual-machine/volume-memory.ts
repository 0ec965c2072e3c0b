import type { DomainVolume } from "../../drivers/driver.ts";
import { formatTime, parseTime } from "../../runtime/clock.ts";
import type { AttachedVolume, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import type { Outcome } from "./execute.ts";
import type { DesiredVolume } from "./volumes.ts";

/** Longer than any call may wait at a host and still be carried out. */
const mayStillComeMs = 90_000;
/** So often is it written down anew that a volume has been asked for. */
const renewMs = 30_000;

/** What of a machine's volumes was seen at one look. */
export interface SeenVolumes {
  /** In the running domain; empty when none runs. */
  readonly live: ReadonlyMap<string, DomainVolume>;
  readonly defined: readonly DomainVolume[];
  /** Those of the records that no disk of the spec is any more. */
  readonly unwanted: readonly AttachedVolume[];
  readonly now: number;
}

/** Before volumes are used: which, and since when. The same reference when all of it is written down. */
export function recordVolumeUse(
  status: VirtualMachineStatus,
  volumes: readonly DesiredVolume[],
  now: number,
): VirtualMachineStatus {
  const before = status.attachedVolumes ?? [];
  const isFresh = ({ attached, requestedAt }: AttachedVolume) =>
    attached === true || (requestedAt !== undefined && now - parseTime(requestedAt) < renewMs);
  const due = volumes.filter(
    ({ record }) => !before.some((known) => known.uid === record.uid && isFresh(known)),
  );
  if (due.length === 0) return status;
  const uids = new Set(due.map(({ record }) => record.uid));
  const used = due.map(({ record }) => ({ ...record, requestedAt: formatTime(now) }));
  return { ...status, attachedVolumes: [...before.filter(({ uid }) => !uids.has(uid)), ...used] };
}

/**
 * After a look: what is there is attached; what is neither in the process nor in the definition, and cannot
 * come any more, is off the list. If no disk names it either, its claim goes with that.
 */
export function noteVolumesSeen(status: VirtualMachineStatus, seen: SeenVolumes): VirtualMachineStatus {
  if (status.attachedVolumes === undefined) return status;
  const { attachedVolumes: before, ...rest } = status;
  const after = before.flatMap((record) => {
    const next = noteSeen(record, seen);
    return next === undefined ? [] : [next];
  });
  if (after.length === before.length && after.every((record, index) => record === before[index]))
    return status;
  return after.length === 0 ? rest : { ...rest, attachedVolumes: after };
}

/** After the guest was asked to let volumes go, with success or not. */
export function noteAsked(status: VirtualMachineStatus, outcome: Outcome, now: number): VirtualMachineStatus {
  const { done, failed } = outcome;
  const steps = failed === undefined ? done : [...done, failed.action];
  const asked = new Set(steps.flatMap((step) => (step.type === "DetachVolume" ? [step.volume.volume] : [])));
  if (asked.size === 0 || status.attachedVolumes === undefined) return status;
  const attachedVolumes = status.attachedVolumes.map((record) =>
    asked.has(record.volume)
      ? { ...record, detachRequestedAt: formatTime(now), detachRequests: (record.detachRequests ?? 0) + 1 }
      : record,
  );
  return { ...status, attachedVolumes };
}

function noteSeen(record: AttachedVolume, seen: SeenVolumes): AttachedVolume | undefined {
  const isLive = seen.live.has(record.volume);
  if (!isLive && !isDefined(record, seen) && !mayStillCome(record, seen.now)) return undefined;
  const asked = seen.unwanted.includes(record) ? record : withoutAsking(record);
  const { attached = false, requestedAt, ...rest } = asked;
  if (isLive) return attached && requestedAt === undefined ? asked : { ...rest, attached: true };
  return attached ? rest : noteSetBack(asked, seen.now);
}

/** Asked for by a clock that has been set back since: else it might come until the clock is there again. */
function noteSetBack(record: AttachedVolume, now: number): AttachedVolume {
  const isAhead = record.requestedAt !== undefined && parseTime(record.requestedAt) > now;
  return isAhead ? { ...record, requestedAt: formatTime(now) } : record;
}

function isDefined({ volume }: AttachedVolume, { defined }: SeenVolumes): boolean {
  return defined.some((other) => other.volume === volume);
}

/** What was asked for and not seen since may be on its way. */
function mayStillCome({ requestedAt }: AttachedVolume, now: number): boolean {
  return requestedAt !== undefined && now - parseTime(requestedAt) < mayStillComeMs;
}

/** It is wanted again. */
function withoutAsking(record: AttachedVolume): AttachedVolume {
  if (record.detachRequestedAt === undefined) return record;
  const { detachRequestedAt: _at, detachRequests: _count, ...rest } = record;
  return rest;
}
