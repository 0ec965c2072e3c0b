import { deepEqual } from "../runtime/equal.ts";
import type { VirtualMachine } from "../schema/virtual-machine.ts";
import type { Change } from "./informer.ts";

/** A change of what only this controller writes: it knows. All else in a status is a person's request. */
export function isOurStatus({ type, object, previous }: Change<VirtualMachine>): boolean {
  if (type !== "modified" || previous === undefined) return false;
  const { metadata, status } = object;
  return (
    metadata.generation === previous.metadata.generation &&
    metadata.deletionTimestamp === previous.metadata.deletionTimestamp &&
    metadata.deletionGracePeriodSeconds === previous.metadata.deletionGracePeriodSeconds &&
    metadata.finalizers?.length === previous.metadata.finalizers?.length &&
    deepEqual(status?.runOverride, previous.status?.runOverride) &&
    deepEqual(status?.restartRequest, previous.status?.restartRequest) &&
    deepEqual(status?.pauseRequest, previous.status?.pauseRequest)
  );
}
