import { StatusError } from "../runtime/errors.ts";
import type { Store } from "../store/store.ts";

/**
 * The store of one of several controllers. Who does not lead writes nothing: what it would write is what it
 * saw before it lost the lead, and the new leader would write over it, again and again. Writes then throw
 * `ServiceUnavailable`.
 */
export function leadersStore(store: Store, isLeading: () => boolean): Store {
  const asLeader = async <R>(write: () => Promise<R>): Promise<R> => {
    if (isLeading()) return write();
    throw new StatusError("ServiceUnavailable", "nothing is written: this controller does not lead any more");
  };
  return {
    list: (kind, options) => store.list(kind, options),
    get: (kind, key) => store.get(kind, key),
    watch: (kind, options) => store.watch(kind, options),
    encoded: (resource) => store.encoded(resource),
    create: (kind, resource, options) => asLeader(() => store.create(kind, resource, options)),
    update: (kind, resource, options) => asLeader(() => store.update(kind, resource, options)),
    updateStatus: (kind, resource, options) => asLeader(() => store.updateStatus(kind, resource, options)),
    delete: (kind, key, options) => asLeader(() => store.delete(kind, key, options)),
  };
}
