import { hasReason } from "../runtime/errors.ts";
import type { Kind } from "../schema/kind.ts";
import { keyOf, type ObjectKey, type Resource } from "../schema/meta.ts";
import type { DeleteOptions, Preconditions, Store } from "../store/store.ts";

/** How many objects are deleted at once: enough to share commits, few enough to leave room for others. */
const batchSize = 64;

/** Deletes the object that the preconditions describe; that it is gone already is success. */
export async function deleteIfThere(
  store: Pick<Store, "delete">,
  kind: Kind,
  key: ObjectKey,
  preconditions: Preconditions,
  options: DeleteOptions = {},
): Promise<void> {
  try {
    await store.delete(kind, key, { ...options, preconditions });
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
  }
}

/** Deletes just these objects, not others that came to bear their names. */
export async function deleteAll(
  store: Pick<Store, "delete">,
  kind: Kind,
  objects: readonly Resource[],
): Promise<void> {
  for (let from = 0; from < objects.length; from += batchSize) {
    const batch = objects.slice(from, from + batchSize);
    await Promise.all(
      batch.map((object) => deleteIfThere(store, kind, keyOf(object), { uid: object.metadata.uid })),
    );
  }
}
