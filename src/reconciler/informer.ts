import { pause } from "../runtime/abort.ts";
import type { Clock } from "../runtime/clock.ts";
import { hasReason, messageOf } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import { groupResource, type Kind } from "../schema/kind.ts";
import { formatKey, keyOf, type Resource } from "../schema/meta.ts";
import type { Store, WatchEvent } from "../store/store.ts";
import { IndexedCache, type ReadCache } from "./cache.ts";
import { exponentialBackoff } from "./rate-limiter.ts";

/** `resync` re-delivers an object that did not change. */
export interface Change<T> {
  readonly type: "added" | "modified" | "deleted" | "resync";
  /** The newest state; of a deleted object the last. */
  readonly object: T;
  /** The state this informer delivered before; absent for `added`. */
  readonly previous?: T;
}

/** Called once for each change, after the cache has it. Must be quick; what it throws is logged. */
export type ChangeHandler<T> = (change: Change<T>) => void;

export interface InformerOptions<T extends Resource> {
  readonly store: Pick<Store, "list" | "watch">;
  readonly kind: Kind<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often every object is delivered again; never when absent. */
  readonly resyncMs?: number | undefined;
}

/**
 * Keeps a cache equal to what the store holds of one kind, and tells its handlers what changed. It lists
 * once, then watches; after an error it watches on from the last revision seen, and when that is too old
 * (`Expired`) it lists again and delivers the difference: handlers may miss states, but never an outcome.
 */
export class Informer<T extends Resource> {
  readonly kind: Kind<T>;
  readonly #options: InformerOptions<T>;
  readonly #logger: Logger;
  readonly #cache = new IndexedCache<T>();
  readonly #handlers = new Set<ChangeHandler<T>>();
  readonly #backoff = exponentialBackoff({ baseMs: 100, maxMs: 30_000 });
  readonly #synced = Promise.withResolvers<void>();
  /** The revision up to which the cache is complete; undefined: list before watching. */
  #revision: string | undefined;

  constructor(options: InformerOptions<T>) {
    this.kind = options.kind;
    this.#options = options;
    this.#logger = options.logger.with({ informer: groupResource(options.kind) });
  }

  get cache(): ReadCache<T> {
    return this.#cache;
  }

  /** The cache shows every write up to this revision; 0 before the first list. It may show later ones. */
  get revision(): number {
    return Number(this.#revision ?? 0);
  }

  /** Resolves when the first list is in the cache and has been delivered. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Delivers what is in the cache as `added`, then every change. Returns a function that ends it. */
  subscribe(handler: ChangeHandler<T>): () => void {
    this.#handlers.add(handler);
    for (const object of this.#cache.list()) this.#tell(handler, { type: "added", object });
    return () => void this.#handlers.delete(handler);
  }

  /** Lists and watches until the signal ends it. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#follow(signal), this.#resync(signal)]);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#listAndWatch(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (hasReason(error, "Expired")) this.#revision = undefined;
        else this.#logger.warn("watch failed", { error: messageOf(error) });
      }
      await pause(this.#options.clock, this.#backoff.delayMs(""), signal);
    }
  }

  async #listAndWatch(signal: AbortSignal): Promise<void> {
    const { store, kind } = this.#options;
    if (this.#revision === undefined) {
      const { items, resourceVersion } = await store.list(kind);
      this.#replaceAll(items);
      this.#revision = resourceVersion;
      this.#synced.resolve();
    }
    for await (const event of store.watch(kind, { since: this.#revision, signal, bookmarks: true })) {
      this.#backoff.forget("");
      this.#apply(event);
    }
  }

  #apply(event: WatchEvent<T>): void {
    if (event.type === "BOOKMARK") {
      this.#revision = event.resourceVersion;
      return;
    }
    if (event.type === "DELETED") this.#remove(event.object);
    else this.#put(event.object);
    this.#revision = event.object.metadata.resourceVersion;
  }

  /** Makes the cache equal to a list and delivers the difference. */
  #replaceAll(items: readonly T[]): void {
    const listed = new Set(items.map((item) => formatKey(keyOf(item))));
    for (const object of this.#cache.list()) {
      if (!listed.has(formatKey(keyOf(object)))) this.#remove(object);
    }
    for (const item of items) this.#put(item);
  }

  #put(object: T): void {
    const cached = this.#cache.get(keyOf(object));
    if (cached?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    // A new uid under an old name is another object: who cleans up after the old one must hear of its end.
    if (cached !== undefined && cached.metadata.uid !== object.metadata.uid) this.#remove(cached);
    const previous = this.#cache.put(object);
    if (previous === undefined) this.#deliver({ type: "added", object });
    else this.#deliver({ type: "modified", object, previous });
  }

  #remove(object: T): void {
    const previous = this.#cache.remove(keyOf(object));
    if (previous !== undefined) this.#deliver({ type: "deleted", object, previous });
  }

  #deliver(change: Change<T>): void {
    for (const handler of this.#handlers) this.#tell(handler, change);
  }

  #tell(handler: ChangeHandler<T>, change: Change<T>): void {
    try {
      handler(change);
    } catch (error) {
      const key = formatKey(keyOf(change.object));
      this.#logger.error("change handler failed", { key, error: messageOf(error) });
    }
  }

  async #resync(signal: AbortSignal): Promise<void> {
    const { clock, resyncMs } = this.#options;
    if (resyncMs === undefined) return;
    while (!signal.aborted) {
      await pause(clock, resyncMs, signal);
      if (signal.aborted) return;
      for (const object of this.#cache.list()) this.#deliver({ type: "resync", object, previous: object });
    }
  }
}
