import { groupResource, type Kind } from "../schema/kind.ts";
import { formatKey, keyOf, type Resource } from "../schema/meta.ts";
import { sourceLabel, sourcePathAnnotation } from "../schema/source.ts";

/** An object as it is in the store. */
export interface StoredObject {
  readonly kind: Kind;
  readonly object: Resource;
}

/** What makes an object this one and no other: `virtualmachines.ostler.dev default/web`. */
export function describeObject({ kind, object }: StoredObject): string {
  return `${groupResource(kind)} ${formatKey(keyOf(object))}`;
}

/** The name of the Source that an object comes from, if any. */
export function sourceOf(object: Resource | undefined): string | undefined {
  return object?.metadata.labels?.[sourceLabel];
}

/** The file that an object comes from, relative to its Source's folder. */
export function recordedPath(object: Resource | undefined): string | undefined {
  return object?.metadata.annotations?.[sourcePathAnnotation];
}

export function isTerminating(object: Resource): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}
