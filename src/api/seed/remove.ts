import { withDeadline } from "../../runtime/deadline.ts";
import { hasReason, StatusError } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import { keyOf, type Resource } from "../../schema/meta.ts";
import type { SeedContext } from "./context.ts";
import { until } from "./until.ts";

/** Deletes an object and waits until nothing of it is left anywhere. Who is gone already is gone. */
export async function removeObject<T extends Resource>(
  { store }: Pick<SeedContext, "store">,
  kind: Kind<T>,
  object: T,
  signal: AbortSignal,
): Promise<void> {
  const preconditions = { uid: object.metadata.uid };
  try {
    await store.delete(kind, keyOf(object), { preconditions });
  } catch (error) {
    // Of that name there is none, or another one.
    if (hasReason(error, "NotFound") || hasReason(error, "Conflict")) return;
    throw error;
  }
  await until(store, { kind, object, signal }, (found) => (found === undefined ? true : undefined));
}

/** Deletes objects, all at once, and waits until nothing of them is left anywhere. */
export async function removeAll<T extends Resource>(
  context: Pick<SeedContext, "store" | "clock">,
  kind: Kind<T>,
  objects: readonly T[],
  timeoutMs: number,
): Promise<void> {
  if (objects.length === 0) return;
  const reason = (): Error => new StatusError("Timeout", `not gone within ${timeoutMs / 1000} s`);
  const { signal } = new AbortController();
  await withDeadline({ clock: context.clock, lengthMs: timeoutMs, reason, signal }, async (signal) => {
    await Promise.all(objects.map((object) => removeObject(context, kind, object, signal)));
  });
}
