import type { Kind } from "../../schema/kind.ts";
import { keyOf, type ObjectKey, type Resource } from "../../schema/meta.ts";
import type { DeleteOptions, ListOptions, Store, WatchOptions, WriteOptions } from "../../store/store.ts";
import type { CallRecord } from "./call-record.ts";

/** The store for one call: what it writes is in the audit log before it is written, and what came of it. */
export function recordedStore(store: Store, record: CallRecord): Store {
  return {
    async create<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
      await record.before("create", kind, resource.metadata);
      const after = await store.create(kind, resource, options);
      record.after("create", kind, { after });
      return after;
    },
    async update<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
      const before = await store.get(kind, keyOf(resource));
      await record.before("update", kind, resource.metadata);
      const after = await store.update(kind, resource, options);
      record.after("update", kind, { before, after });
      return after;
    },
    async delete<T extends Resource>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions) {
      const before = await store.get(kind, key);
      await record.before("delete", kind, before?.metadata ?? key);
      const after = await store.delete(kind, key, options);
      record.after("delete", kind, { before, after });
      return after;
    },
    // No call writes status: that is for controllers.
    updateStatus: <T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions) =>
      store.updateStatus(kind, resource, options),
    list: <T extends Resource>(kind: Kind<T>, options?: ListOptions) => store.list(kind, options),
    get: <T extends Resource>(kind: Kind<T>, key: ObjectKey) => store.get(kind, key),
    watch: <T extends Resource>(kind: Kind<T>, options: WatchOptions) => store.watch(kind, options),
    encoded: (resource) => store.encoded(resource),
  };
}
