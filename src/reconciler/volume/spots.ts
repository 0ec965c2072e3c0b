import type { VolumeMove, VolumeStatus } from "../../schema/volume.ts";
import type { Spot, VolumeBlock } from "./actions.ts";
import type { Place } from "./plan-input.ts";

type Places = ReadonlyMap<string, Place>;
/** A machine as it can be reached now, or why it cannot. */
export type Found = { readonly spot: Spot } | { readonly blockedBy: VolumeBlock };

/** The machine on which a move that is over, or off, has left a copy. */
function leftoverOf({ phase, source, sourceUuid, target, targetUuid }: VolumeMove): Spot {
  return phase === "Cleaning"
    ? { hostName: source, hostUuid: sourceUuid }
    : { hostName: target, hostUuid: targetUuid };
}

/** Whether what this machine has is not the data, but what a move left: an old or unfinished copy. */
export function hasOnlyCopy({ move, hostUuid }: VolumeStatus, place: { readonly hostUuid: string }): boolean {
  if (move === undefined || place.hostUuid === hostUuid) return false;
  return place.hostUuid === leftoverOf(move).hostUuid;
}

/** Whether there is no Host any more by the name of the one on which a move has left a copy. */
export function isHostRemoved(places: Places, move: VolumeMove): boolean {
  const place = places.get(leftoverOf(move).hostName);
  return place?.type === "unknown" && place.isRemoved === true;
}

/** The machine under its own name; another one under that name is not taken for it. */
export function spotNamed(places: Places, { hostName, hostUuid }: Spot): Found {
  const place = places.get(hostName);
  if (place?.type !== "known") {
    const message = place?.message ?? `host "${hostName}" cannot be asked`;
    return { blockedBy: { reason: "HostUnreachable", message } };
  }
  if (place.hostUuid === hostUuid) return { spot: { hostName, hostUuid } };
  const message = `what answers as host "${hostName}" has UUID ${place.hostUuid}, not ${hostUuid}`;
  return { blockedBy: { reason: "HostUnreachable", message } };
}

/** The machine under whatever name it answers now. */
function spotOf(places: Places, spot: Spot): Found {
  const found = spotNamed(places, spot);
  if ("spot" in found) return found;
  const { hostUuid } = spot;
  for (const [hostName, place] of places)
    if (place.type === "known" && place.hostUuid === hostUuid) return { spot: { hostName, hostUuid } };
  return found;
}

/**
 * What a move has left, to be removed. Some hosts get a new UUID each time they start: while the data is seen
 * where it is, what has its name under the leftover's host name is a copy, whatever the UUID.
 */
export function leftoverSpot(places: Places, status: VolumeStatus, move: VolumeMove, file: string): Found {
  const leftover = leftoverOf(move);
  const found = spotOf(places, leftover);
  if ("spot" in found) return found;
  const place = places.get(leftover.hostName);
  if (place?.type !== "known" || !place.volumes.has(file) || place.hostUuid === status.hostUuid) return found;
  const isSeen = [...places.values()].some(
    (other) =>
      other.type === "known" && other.hostUuid === status.hostUuid && other.volumes.get(file) !== undefined,
  );
  return isSeen ? { spot: { hostName: leftover.hostName, hostUuid: place.hostUuid } } : found;
}
