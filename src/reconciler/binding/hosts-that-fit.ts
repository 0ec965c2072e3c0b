import type { Profile } from "../../scheduler/framework.ts";
import type { PlacementRequest } from "../../scheduler/request.ts";
import { feasibleRows, prepare } from "../../scheduler/schedule.ts";
import type { Snapshot } from "../../scheduler/snapshot.ts";

/** The hosts that could take the machine if it had none. */
export function hostsThatFit(
  request: PlacementRequest,
  profile: Profile,
  snapshot: Snapshot,
): readonly string[] {
  return snapshot.without(request.uid, () => {
    const { rows, count } = feasibleRows(snapshot, prepare(request, snapshot, profile));
    return Array.from(rows.subarray(0, count), (row) => snapshot.hosts.nameOf(row));
  });
}
