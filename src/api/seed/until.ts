import { hasReason } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import { formatKey, keyOf, type Resource } from "../../schema/meta.ts";
import type { Store } from "../../store/store.ts";

/**
 * Follows one object until `judge` has something to say about it, and returns that. `judge` gets every
 * state from now on, and undefined when the object is gone: also when another one has its name. Throws the
 * signal's reason.
 */
export async function until<T extends Resource, R>(
  store: Pick<Store, "get" | "watch">,
  { kind, object, signal }: { readonly kind: Kind<T>; readonly object: T; readonly signal: AbortSignal },
  judge: (object: T | undefined) => R | undefined,
): Promise<R> {
  const key = keyOf(object);
  const same = (found: T | undefined): T | undefined =>
    found?.metadata.uid === object.metadata.uid ? found : undefined;
  for (;;) {
    signal.throwIfAborted();
    const ended = new AbortController();
    // Begun before the look, so that nothing between the two is missed.
    const events = store.watch(kind, {
      namespace: key.namespace,
      signal: AbortSignal.any([signal, ended.signal]),
    });
    try {
      const first = judge(same(await store.get(kind, key)));
      if (first !== undefined) return first;
      for await (const event of events) {
        if (event.type === "BOOKMARK" || formatKey(keyOf(event.object)) !== formatKey(key)) continue;
        const verdict = judge(event.type === "DELETED" ? undefined : same(event.object));
        if (verdict !== undefined) return verdict;
      }
    } catch (error) {
      // Too much happened at once to be told of all of it: look again.
      if (!hasReason(error, "Expired")) throw error;
    } finally {
      ended.abort();
    }
  }
}
