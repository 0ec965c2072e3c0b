import type { ObservedVolume } from "../../drivers/driver.ts";
import type { HostSession } from "../host/host-session.ts";
import type { Action } from "./actions.ts";
import type { Outcome } from "./execute.ts";

/** After a deed nothing that was seen before it counts. */
export function noteDoubts(session: HostSession, uid: string, { done, failed }: Outcome): void {
  for (const action of [...done, ...(failed === undefined ? [] : [failed.action])]) {
    if (!touchesVolumes(action)) session.doubt(uid);
  }
  for (const action of done) {
    if (action.type === "DeleteVolume") session.noteVolume(action.volume, undefined);
    const made = madeVolume(action);
    if (made !== undefined) session.noteVolume(made.name, made);
  }
}

function madeVolume(action: Action): ObservedVolume | undefined {
  if (action.type === "EnsureVolume") {
    return { name: action.spec.volume, capacityBytes: action.spec.capacityBytes };
  }
  if (action.type !== "GrowVolume") return undefined;
  return { name: action.volume.volume, capacityBytes: action.capacityBytes };
}

function touchesVolumes(action: Action): boolean {
  return action.type === "DeleteVolume" || action.type === "EnsureVolume" || action.type === "EnsureContent";
}
