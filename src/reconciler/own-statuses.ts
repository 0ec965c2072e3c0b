import { deepEqual } from "../runtime/equal.ts";
import type { Resource } from "../schema/meta.ts";
import type { Change } from "./informer.ts";

type WithStatus = Resource & { readonly status?: unknown };

/**
 * The statuses that a controller has written last, by which it knows its own writes again: of those it needs
 * no news. Who led before may write once more what it saw then, and that is news.
 */
export class OwnStatuses {
  readonly #written = new Map<string, unknown>();

  /** To be called before the write: who watches may hear of it before its writer. */
  note({ metadata }: Resource, status: unknown): void {
    if (metadata.uid !== undefined) this.#written.set(metadata.uid, status);
  }

  /** Whether nothing has changed but the status, and that to what was written here. */
  has({ type, object, previous }: Change<WithStatus>): boolean {
    const { metadata, status } = object;
    const { uid = "" } = metadata;
    if (type === "deleted") this.#written.delete(uid);
    if (type !== "modified" || previous === undefined) return false;
    return (
      metadata.generation === previous.metadata.generation &&
      metadata.deletionTimestamp === previous.metadata.deletionTimestamp &&
      deepEqual(metadata.finalizers, previous.metadata.finalizers) &&
      this.#written.has(uid) &&
      deepEqual(status, this.#written.get(uid))
    );
  }
}
