import type { Kind } from "../../schema/kind.ts";
import type { ObjectKey, Resource } from "../../schema/meta.ts";
import type {
  DeleteOptions,
  ListOptions,
  ResourceList,
  Store,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "../../store/store.ts";

/** Throws when its caller may not write this object, whatever they may do with objects of its kind. */
export type WriteCheck = (verb: "create" | "update", kind: Kind, resource: Resource) => void;

/** A store for one caller: what they write is looked at before it is written, however they write it. */
export class GuardedStore implements Store {
  readonly #store: Store;
  readonly #check: WriteCheck;

  constructor(store: Store, check: WriteCheck) {
    this.#store = store;
    this.#check = check;
  }

  async create<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    this.#check("create", kind, resource);
    return this.#store.create(kind, resource, options);
  }

  async update<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    this.#check("update", kind, resource);
    return this.#store.update(kind, resource, options);
  }

  updateStatus<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    return this.#store.updateStatus(kind, resource, options);
  }

  delete<T extends Resource>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions): Promise<T | undefined> {
    return this.#store.delete(kind, key, options);
  }

  list<T extends Resource>(kind: Kind<T>, options?: ListOptions): Promise<ResourceList<T>> {
    return this.#store.list(kind, options);
  }

  get<T extends Resource>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined> {
    return this.#store.get(kind, key);
  }

  watch<T extends Resource>(kind: Kind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>> {
    return this.#store.watch(kind, options);
  }

  encoded(resource: Resource): string {
    return this.#store.encoded(resource);
  }
}
