import { StatusError } from "../runtime/errors.ts";
import type { Kind } from "../schema/kind.ts";
import type { ObjectKey, Resource } from "../schema/meta.ts";
import type {
  DeleteOptions,
  ListOptions,
  ResourceList,
  Store,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "../store/store.ts";

/**
 * The store of one of several controllers. Who does not lead writes nothing: what it would write is what it
 * saw before it lost the lead, and the new leader would write over it, again and again. Writes then throw
 * `ServiceUnavailable`.
 */
export class LeadersStore implements Store {
  readonly #store: Store;
  readonly #isLeading: () => boolean;

  constructor(store: Store, isLeading: () => boolean) {
    this.#store = store;
    this.#isLeading = isLeading;
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

  async create<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    this.#mustLead();
    return this.#store.create(kind, resource, options);
  }

  async update<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    this.#mustLead();
    return this.#store.update(kind, resource, options);
  }

  async updateStatus<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    this.#mustLead();
    return this.#store.updateStatus(kind, resource, options);
  }

  async delete<T extends Resource>(
    kind: Kind<T>,
    key: ObjectKey,
    options?: DeleteOptions,
  ): Promise<T | undefined> {
    this.#mustLead();
    return this.#store.delete(kind, key, options);
  }

  #mustLead(): void {
    if (this.#isLeading()) return;
    throw new StatusError("ServiceUnavailable", "nothing is written: this controller does not lead any more");
  }
}
