import { groupResource, type Kind } from "../schema/kind.ts";
import { formatKey, keyOf, type Resource } from "../schema/meta.ts";

/** An object as it is in the store. */
export interface StoredObject {
  readonly kind: Kind;
  readonly object: Resource;
}

/** What makes an object this one and no other: `virtualmachines.ostler.dev default/web`. */
export function describeObject({ kind, object }: StoredObject): string {
  return `${groupResource(kind)} ${formatKey(keyOf(object))}`;
}

export function isTerminating(object: Resource): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}
