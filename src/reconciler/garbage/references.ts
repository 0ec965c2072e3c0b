import { deepEqual } from "../../runtime/equal.ts";
import {
  foregroundFinalizer,
  type OwnerReference,
  orphanFinalizer,
  type Resource,
} from "../../schema/meta.ts";
import type { Change } from "../informer.ts";

export function ownersOf({ metadata }: Resource): readonly OwnerReference[] {
  return metadata.ownerReferences ?? [];
}

/** It is being deleted and waits for its dependents. */
export function isForegroundEnding({ metadata }: Resource): boolean {
  return metadata.deletionTimestamp !== undefined && hasFinalizer(metadata, foregroundFinalizer);
}

/** It is being deleted and its dependents are to stay. */
export function isOrphaning({ metadata }: Resource): boolean {
  return metadata.deletionTimestamp !== undefined && hasFinalizer(metadata, orphanFinalizer);
}

/** Whether the object holds up the deletion of the owner with this uid. */
export function isBlocking(object: Resource, ownerUid: string): boolean {
  return ownersOf(object).some(
    ({ uid, blockOwnerDeletion }) => uid === ownerUid && blockOwnerDeletion === true,
  );
}

/** Whether the object's owners, or what is to become of its dependents, are others than before. */
export function hasNewTies({ type, object, previous }: Change<Resource>): boolean {
  if (type !== "modified" || previous === undefined) return true;
  return (
    !deepEqual(ownersOf(object), ownersOf(previous)) ||
    isForegroundEnding(object) !== isForegroundEnding(previous) ||
    isOrphaning(object) !== isOrphaning(previous)
  );
}

/** The object without the owners that these uids have. */
export function withoutOwners<T extends Resource>(object: T, uids: ReadonlySet<string>): T {
  const ownerReferences = ownersOf(object).filter(({ uid }) => !uids.has(uid));
  return { ...object, metadata: { ...object.metadata, ownerReferences } };
}

function hasFinalizer({ finalizers = [] }: Resource["metadata"], name: string): boolean {
  return finalizers.includes(name);
}
