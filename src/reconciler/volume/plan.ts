import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import {
  type Volume,
  type VolumeMove,
  type VolumeStatus,
  volumeBytes,
  volumeFileName,
} from "../../schema/volume.ts";
import type { Spot, VolumeAction, VolumeBlock, VolumePlan } from "./actions.ts";
import { chooseHost } from "./choose-host.ts";
import { diskOf, hasVolume, planClaim } from "./claim.ts";
import type { Place, VolumePlanInput } from "./plan-input.ts";
import { type Found, hasOnlyCopy, isHostRemoved, leftoverSpot, spotNamed } from "./spots.ts";

/**
 * The next safe step towards a volume that is where its machine is, or towards none. Pure: no step is assumed
 * to have worked, and at every moment one whole copy of the data is where the status says.
 */
export function planVolume(input: VolumePlanInput): VolumePlan {
  const claim = planClaim(input);
  const plan = planWithoutClaim(input);
  if (claim === undefined) return plan;
  // Whose it is changes nothing about whether it is there: who reads the claim reads that with it.
  const isUsable = plan.type !== "rest" || !unusable.has(plan.blockedBy?.reason);
  return { type: "record", status: claim, ...(isUsable ? {} : { blockedBy: plan.blockedBy }) };
}

const unusable: ReadonlySet<string | undefined> = new Set(["VolumeLost", "HostUnreachable"]);

function planWithoutClaim(input: VolumePlanInput): VolumePlan {
  const { metadata, status = {} } = input.volume;
  const followed = planFollowing(input, status);
  if (followed !== undefined) return followed;
  if (metadata.deletionTimestamp !== undefined) return planRemoval(input, status);
  if (status.hostName === undefined) return planPlacement(input, status);
  const step = status.move === undefined ? undefined : planMove(input, status, status.move);
  return step ?? planData(input, status, status.hostName);
}

/** Its Host was removed, and another one leads to the same host, where the data is seen: it is there. */
function planFollowing(
  { volume, places, renamedTo }: VolumePlanInput,
  status: VolumeStatus,
): VolumePlan | undefined {
  if (renamedTo === undefined || status.move !== undefined) return undefined;
  const place = places.get(renamedTo);
  if (place?.type !== "known" || place.hostUuid !== status.hostUuid) return undefined;
  if (!place.volumes.has(fileOf(volume))) return undefined;
  return { type: "record", status: { ...status, hostName: renamedTo } };
}

/** Its name in the pool: made from the whole uid each time, never taken from what is stored. */
export function fileOf({ metadata, spec }: Volume): string {
  if (metadata.uid === undefined) throw new Error(`volume ${metadata.name} has no uid: not from the store`);
  return volumeFileName(metadata.uid, spec.format);
}

/** What a look at its host adds to what must be remembered: that it is there, and how large it is. */
export function noteSeen(volume: Volume, places: ReadonlyMap<string, Place>): VolumeStatus {
  const { status = {} } = volume;
  const place = status.hostName === undefined ? undefined : places.get(status.hostName);
  const seen = place?.type === "known" ? place.volumes.get(fileOf(volume)) : undefined;
  if (place?.type !== "known" || seen === undefined || hasOnlyCopy(status, place)) return status;
  const { capacityBytes } = seen;
  const { hostUuid } = place;
  if (status.capacityBytes === capacityBytes && status.hostUuid === hostUuid) return status;
  return { ...status, capacityBytes, hostUuid };
}

/** What a step that was taken changes about what must be remembered. */
export function rememberStep(volume: Volume, action: VolumeAction): VolumeStatus {
  const { status = {} } = volume;
  const { move, hostName: _host, hostUuid, capacityBytes: _capacity, volume: _name, ...rest } = status;
  switch (action.type) {
    case "EnsureVolume":
      return status;
    case "CopyVolume":
      if (move === undefined) return status;
      return { ...status, ...action.target, move: { ...move, phase: "Cleaning" } };
    case "DeleteVolume": {
      if (move === undefined || action.at.hostUuid === hostUuid) return rest;
      const { move: _over, ...still } = status;
      return still;
    }
  }
}

function planPlacement({ volume, holder, hosts, places }: VolumePlanInput, status: VolumeStatus): VolumePlan {
  const choice = chooseHost(hosts, volumeBytes(volume.spec), holder?.status?.hostName);
  if (choice.type === "none") return blocked("Unschedulable", choice.message);
  const place = places.get(choice.hostName);
  if (place?.type !== "known") return blocked("HostUnreachable", `host "${choice.hostName}" cannot be asked`);
  const { hostName } = choice;
  return {
    type: "record",
    status: { ...status, hostName, hostUuid: place.hostUuid, volume: fileOf(volume) },
  };
}

/** Deletes what was written down to be there: nothing is found by its name alone. */
function planRemoval(input: VolumePlanInput, status: VolumeStatus): VolumePlan {
  const { attachedTo, move, hostName } = status;
  if (attachedTo !== undefined) {
    const { name, disk } = attachedTo;
    const message = `machine "${name}" has it as disk "${disk}": remove that disk, or the machine`;
    return blocked("InUse", message);
  }
  if (move?.phase === "Copying") return { type: "record", status: cancelled(status, move) };
  if (move !== undefined) return removeLeftover(input, status, move, "an old copy is in the way");
  if (hostName === undefined) return { type: "letGo" };
  const place = input.places.get(hostName);
  const { hostUuid = place?.type === "known" ? place.hostUuid : "" } = status;
  const stranger = strangerAt(input, status, hostName);
  if (stranger !== undefined) return stranger;
  return removeFrom(input, spotNamed(input.places, { hostName, hostUuid }), "the volume is being deleted");
}

/** The next step of a move; undefined when nothing can be done about it now and the data is usable. */
function planMove(input: VolumePlanInput, status: VolumeStatus, move: VolumeMove): VolumePlan | undefined {
  if (move.phase !== "Copying") {
    const step = removeLeftover(input, status, move, "its data is on another host now");
    return step.type === "rest" ? undefined : step;
  }
  const { volume, holder, places } = input;
  const { sourceUuid, targetUuid } = move;
  const target = places.get(move.target);
  const isOther = target?.type === "known" && target.hostUuid !== targetUuid;
  if (isOther || !shouldBeOn(move.target, volume, holder))
    return { type: "record", status: cancelled(status, move) };
  const from = spotNamed(places, { hostName: move.source, hostUuid: sourceUuid });
  if ("blockedBy" in from) return { type: "rest", ...from };
  const to = spotNamed(places, { hostName: move.target, hostUuid: targetUuid });
  if ("blockedBy" in to) return { type: "rest", ...to };
  const place = places.get(move.source);
  if (place?.type === "known" && !place.volumes.has(fileOf(volume))) return lost(volume, move.source);
  const because = `machine "${holder?.metadata.name}" is on host "${move.target}"`;
  const { format } = volume.spec;
  const ends = { source: from.spot, target: to.spot };
  return { type: "act", action: { type: "CopyVolume", ...ends, volume: fileOf(volume), format, because } };
}

function planData(input: VolumePlanInput, status: VolumeStatus, hostName: string): VolumePlan {
  const { volume, holder, places } = input;
  const stranger = strangerAt(input, status, hostName);
  if (stranger !== undefined) return stranger;
  const place = places.get(hostName);
  if (place?.type !== "known") return blocked("HostUnreachable", `host "${hostName}" cannot be asked`);
  const seen = place.volumes.get(fileOf(volume));
  const spot = { hostName, hostUuid: place.hostUuid };
  if (seen === undefined) {
    return status.capacityBytes === undefined ? ensure(volume, spot, "it is new") : lost(volume, hostName);
  }
  const elsewhere = planMoveStart(input, status, hostName);
  if (elsewhere !== undefined) return elsewhere;
  const isShort = seen.capacityBytes < volumeBytes(volume.spec);
  // What a machine has is grown by the machine's own controller, which knows whether it runs.
  return isShort && !hasVolume(holder, volume) ? ensure(volume, spot, "it is to grow") : { type: "rest" };
}

function planMoveStart(
  { volume, holder, hosts, places }: VolumePlanInput,
  status: VolumeStatus,
  source: string,
): VolumePlan | undefined {
  const target = holder?.status?.hostName;
  if (target === undefined || target === source || status.move !== undefined) return undefined;
  if (!shouldBeOn(target, volume, holder)) return undefined;
  const [from, to] = [places.get(source), places.get(target)];
  if (from?.type !== "known" || to?.type !== "known") {
    const message = to?.type === "unknown" ? to.message : `host "${target}" cannot be asked`;
    return blocked("HostUnreachable", message);
  }
  if (from.hostUuid === to.hostUuid) {
    const same = `hosts "${source}" and "${target}" are one: both have UUID ${to.hostUuid}`;
    return blocked("Conflict", `${same}; remove one of them, or give each a host_uuid in libvirtd.conf`);
  }
  const free = hosts.find(({ name }) => name === target)?.freeDiskBytes ?? 0;
  if (free < volumeBytes(volume.spec)) {
    return blocked("Unschedulable", `host "${target}", where its machine is, has too little disk for it`);
  }
  const uuids = { sourceUuid: from.hostUuid, targetUuid: to.hostUuid };
  return {
    type: "beginMove",
    target: { hostName: target, hostUuid: to.hostUuid },
    status: { ...status, move: { source, target, ...uuids, phase: "Copying" } },
  };
}

/** Whether its machine waits for it there: one that has it, or may have it, is left in peace. */
function shouldBeOn(hostName: string, volume: Volume, holder: VirtualMachine | undefined): boolean {
  if (holder === undefined || holder.metadata.deletionTimestamp !== undefined) return false;
  const isWanted = diskOf(holder, volume) !== undefined && holder.status?.hostName === hostName;
  return isWanted && !hasVolume(holder, volume);
}

function cancelled(status: VolumeStatus, move: VolumeMove): VolumeStatus {
  return { ...status, move: { ...move, phase: "Cancelling" } };
}

/** Of a host that was removed nothing is expected: what is left there is no longer written down. */
function removeLeftover(
  input: VolumePlanInput,
  status: VolumeStatus,
  move: VolumeMove,
  because: string,
): VolumePlan {
  const found = leftoverSpot(input.places, status, move, fileOf(input.volume));
  if ("spot" in found || !isHostRemoved(input.places, move)) return removeFrom(input, found, because);
  const { move: _over, ...still } = status;
  return { type: "record", status: still };
}

function removeFrom({ volume }: VolumePlanInput, found: Found, because: string): VolumePlan {
  if ("blockedBy" in found) return { type: "rest", ...found };
  return { type: "act", action: { type: "DeleteVolume", at: found.spot, volume: fileOf(volume), because } };
}

function ensure(volume: Volume, at: Spot, because: string): VolumePlan {
  const { format } = volume.spec;
  const spec = { volume: fileOf(volume), capacityBytes: volumeBytes(volume.spec), format };
  return { type: "act", action: { type: "EnsureVolume", at, spec, because } };
}

/** Another machine has come under the host's name: it cannot tell whether the data still exists. */
function strangerAt(
  { volume, places }: VolumePlanInput,
  status: VolumeStatus,
  hostName: string,
): VolumePlan | undefined {
  const { hostUuid } = status;
  const place = places.get(hostName);
  if (place?.type !== "known" || hostUuid === undefined || place.hostUuid === hostUuid) return undefined;
  if (place.volumes.has(fileOf(volume)) && !hasOnlyCopy(status, place)) return undefined;
  return blocked(
    "HostUnreachable",
    `what answers as host "${hostName}" has UUID ${place.hostUuid}, not ${hostUuid}, and does not have the ` +
      "data of the volume: give the Host the URI of the one that does",
  );
}

function lost(volume: Volume, hostName: string): VolumePlan {
  const message =
    `"${fileOf(volume)}" was on host "${hostName}" and is gone; no empty one is made in its place: ` +
    "bring it back, or delete the Volume and create it anew";
  return blocked("VolumeLost", message);
}

function blocked(reason: VolumeBlock["reason"], message: string): VolumePlan {
  return { type: "rest", blockedBy: { reason, message } };
}
