import type { Clock, Timer } from "../runtime/clock.ts";
import { StatusError } from "../runtime/errors.ts";
import type { Log, LogEvent } from "./log.ts";
import type { ObjectCache } from "./object-cache.ts";
import { RecentEvents } from "./recent-events.ts";
import { SharedEvent, Watcher } from "./watcher.ts";

/** What to watch: keys under `prefix`, after revision `since`. */
export interface CacheWatchOptions {
  /** `/group/plural/`, perhaps with a namespace. */
  readonly prefix: string;
  readonly since?: number | undefined;
  readonly bookmarks?: boolean | undefined;
  readonly signal: AbortSignal;
}

const bookmarkIntervalMs = 60_000;
const watcherLimits = { events: 10_000, characters: 64 * 1024 * 1024 };

/**
 * Fans one subscription of the log out to any number of watchers. It looks at each event once, hands it to
 * the watchers of its kind, and never waits for any of them: one that does not keep up is ended with
 * `Expired`. Watchers resume from memory, and from the log's history when they are further behind.
 */
export class WatchCache implements Disposable {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #objects: ObjectCache;
  readonly #recent: RecentEvents;
  readonly #watchers = new Set<Watcher>();
  /** The watchers that are up to date, by the `/group/plural/` they watch. */
  readonly #live = new Map<string, Set<Watcher>>();
  #revision: number;
  #unsubscribe = (): void => {};

  static async open(log: Log, clock: Clock, objects: ObjectCache): Promise<WatchCache> {
    const cache = new WatchCache(log, clock, objects);
    cache.#unsubscribe = await log.subscribe(cache.#revision, (events) => cache.#publish(events));
    return cache;
  }

  private constructor(log: Log, clock: Clock, objects: ObjectCache) {
    this.#log = log;
    this.#clock = clock;
    this.#objects = objects;
    this.#revision = log.revision();
    this.#recent = new RecentEvents(this.#revision);
  }

  /** The watch is on when this returns. Reading throws `Expired` when there would be a gap. */
  watch(options: CacheWatchOptions): Watcher {
    const { prefix, signal, since = this.#revision } = options;
    const kindPrefix = kindPrefixOf(prefix);
    const end = (): void => watcher.end();
    let timer: Timer | undefined;
    const onEnd = (): void => {
      timer?.cancel();
      signal.removeEventListener("abort", end);
      this.#watchers.delete(watcher);
      this.#live.get(kindPrefix)?.delete(watcher);
    };
    const watcher = new Watcher({ prefix, position: since, limits: watcherLimits, onEnd });
    this.#watchers.add(watcher);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) watcher.end();
    const mark = (): void => {
      if (this.#live.get(kindPrefix)?.has(watcher)) watcher.bookmark(this.#revision);
      timer = this.#clock.after(bookmarkIntervalMs, mark);
    };
    if (options.bookmarks && !watcher.ended) timer = this.#clock.after(bookmarkIntervalMs, mark);
    this.#join(watcher, kindPrefix).catch((error: unknown) => watcher.end(error));
    return watcher;
  }

  /** Ends all watches without an error. */
  [Symbol.dispose](): void {
    this.#unsubscribe();
    for (const watcher of this.#watchers) watcher.end();
  }

  /** Without waiting if the recent events reach back far enough. */
  async #join(watcher: Watcher, kindPrefix: string): Promise<void> {
    this.#checkRevision(watcher.position);
    while (watcher.position < this.#recent.since && !watcher.ended) await this.#catchUp(watcher);
    if (watcher.ended) return;
    for (const event of this.#recent.after(watcher.position)) watcher.offer(event);
    if (watcher.ended) return;
    const live = this.#live.get(kindPrefix) ?? new Set();
    this.#live.set(kindPrefix, live.add(watcher));
  }

  async #catchUp(watcher: Watcher): Promise<void> {
    const offer = (events: readonly LogEvent[]): void => {
      for (const event of events) watcher.offer(new SharedEvent(event, this.#objects));
    };
    const unsubscribe = await this.#log.subscribe(watcher.position, offer);
    unsubscribe();
  }

  #publish(events: readonly LogEvent[]): void {
    for (const event of events) {
      const shared = new SharedEvent(event, this.#objects);
      this.#recent.add(shared);
      this.#revision = event.revision;
      for (const watcher of this.#live.get(kindPrefixOf(event.key)) ?? []) watcher.offer(shared);
    }
  }

  #checkRevision(since: number): void {
    const oldest = this.#log.compactedRevision();
    if (since < oldest) {
      throw new StatusError("Expired", `too old resource version: ${since} (${oldest}); list again`);
    }
    if (since > this.#log.revision()) {
      const newest = this.#log.revision();
      throw new StatusError(
        "Expired",
        `resource version ${since} was never reached: the store is at ${newest}`,
      );
    }
  }
}

/** `/group/plural/` of a key or of a longer prefix. */
function kindPrefixOf(key: string): string {
  return key.slice(0, key.indexOf("/", key.indexOf("/", 1) + 1) + 1);
}
