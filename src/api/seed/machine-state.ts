import { findCondition, isTrue } from "../../schema/conditions.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";

/** How far a machine has come that is to run. */
export type Birth =
  | { readonly type: "placed" | "running" }
  | { readonly type: "failed"; readonly message: string };

/**
 * How far a new machine has come; undefined while that shows nothing yet. Any failure that its reconciler
 * speaks of is one: who asked is told, and asks again if it likes.
 */
export function birthOf(vm: VirtualMachine | undefined): Birth | undefined {
  if (vm === undefined || vm.metadata.deletionTimestamp !== undefined) return failed("it was deleted");
  const { status, metadata } = vm;
  if (status?.observedGeneration !== metadata.generation) return undefined;
  const scheduled = findCondition(status?.conditions, "Scheduled");
  if (scheduled?.status === "False") return failed(scheduled.message);
  if (status?.startFailure !== undefined) return failed(status.startFailure.message);
  const stalled = findCondition(status?.conditions, "Stalled");
  if (stalled?.status === "True") return failed(stalled.message);
  if (status?.printableStatus === "Running" && isTrue(status.conditions, "Ready")) return { type: "running" };
  return status?.hostName === undefined ? undefined : { type: "placed" };
}

/**
 * The host that a machine is on, if it is known to be there now: its domain was seen, and is as it is meant
 * to be. One that was killed or undefined behind our back is not there until it has been mended; one whose
 * host does not answer is nowhere that anybody could name.
 */
export function hostOf({ metadata, status }: VirtualMachine): string | undefined {
  if (metadata.deletionTimestamp !== undefined || status?.domain === undefined) return undefined;
  switch (status.printableStatus) {
    case "Running":
    case "Paused":
    case "Stopping":
    case "Stopped":
    case "Migrating":
      return status.hostName;
    default:
      return undefined;
  }
}

function failed(message: string): Birth {
  return { type: "failed", message };
}
