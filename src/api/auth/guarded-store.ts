import type { Kind } from "../../schema/kind.ts";
import { keyOf, type ObjectKey, type Resource } from "../../schema/meta.ts";
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

/** What was written, told once it is. */
export type Written = (kind: Kind, before: Resource | undefined, after: Resource | undefined) => void;

/** A store for one caller: what they write is looked at before it is written, however they write it. */
export class GuardedStore implements Store {
  readonly #store: Store;
  readonly #check: WriteCheck;
  readonly #written: Written;

  constructor(store: Store, check: WriteCheck, written: Written = () => {}) {
    this.#store = store;
    this.#check = check;
    this.#written = written;
  }

  async create<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    this.#check("create", kind, resource);
    const created = await this.#store.create(kind, resource, options);
    this.#written(kind, undefined, created);
    return created;
  }

  async update<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    this.#check("update", kind, resource);
    const before = await this.#store.get(kind, keyOf(resource));
    const updated = await this.#store.update(kind, resource, options);
    this.#written(kind, before, updated);
    return updated;
  }

  async updateStatus<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    const before = await this.#store.get(kind, keyOf(resource));
    const updated = await this.#store.updateStatus(kind, resource, options);
    this.#written(kind, before, updated);
    return updated;
  }

  async delete<T extends Resource>(
    kind: Kind<T>,
    key: ObjectKey,
    options?: DeleteOptions,
  ): Promise<T | undefined> {
    const before = await this.#store.get(kind, key);
    const left = await this.#store.delete(kind, key, options);
    this.#written(kind, before, left);
    return left;
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
