import { onAbort } from "../runtime/abort.ts";
import { type Clock, formatTime } from "../runtime/clock.ts";
import { hasReason, messageOf } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import { type Event, EventKind } from "../schema/event.ts";
import type { Resource } from "../schema/meta.ts";
import type { Store } from "../store/store.ts";
import type { Part } from "./manager.ts";
import { RateLimitedQueue } from "./rate-limited-queue.ts";
import { type RateLimiter, slowestOf, tokenBucket } from "./rate-limiter.ts";

export interface EventRecorderOptions {
  readonly store: Pick<Store, "create" | "update">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Who reports, as `source.component`. */
  readonly component: string;
}

/** What is told of one object with one reason and message: one Event, which counts. */
interface Series {
  readonly involvedObject: Event["involvedObject"];
  readonly type: EventType;
  readonly reason: string;
  readonly message: string;
  readonly firstMs: number;
  lastMs: number;
  count: number;
  /** Told of since the last write. */
  news: boolean;
  stored: Event | undefined;
}

type EventType = "Normal" | "Warning";

const maxSeries = 4096;
const maxMessage = 1024;
/** A series is written at once, then at most this often. */
const seriesIntervalMs = 10_000;

/**
 * Tells people what happened to an object, as `v1` Events that `kubectl describe` shows. For warnings and for
 * repairs, not for progress. The same thing told again raises the count of one Event. Best effort: what
 * cannot be written is forgotten, and more than ten writes a second wait.
 */
export class EventRecorder implements Part {
  readonly name = "events";
  readonly #options: EventRecorderOptions;
  readonly #logger: Logger;
  /** By key, the one told of last at the end. */
  readonly #series = new Map<string, Series>();
  readonly #limiter: RateLimiter;
  readonly #queue: RateLimitedQueue<string>;
  #written = 0;

  constructor(options: EventRecorderOptions) {
    const { clock, logger } = options;
    this.#options = options;
    this.#logger = logger.with({ part: this.name });
    this.#limiter = slowestOf(
      spacing(clock, seriesIntervalMs),
      tokenBucket({ perSecond: 10, burst: 100, clock }),
    );
    this.#queue = new RateLimitedQueue({ clock, keyOf: (key) => key, rateLimiter: this.#limiter });
  }

  /** Never throws and never waits. */
  record(object: Resource, type: EventType, reason: string, text: string): void {
    const series = this.#seriesOf(referenceTo(object), type, reason, text.slice(0, maxMessage));
    series.count += 1;
    series.lastMs = this.#options.clock.now();
    if (series.news) return;
    series.news = true;
    this.#queue.addRateLimited(keyOfSeries(series));
  }

  /** Writes what was recorded until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    onAbort(signal, () => this.#queue.shutDown());
    for (let key = await this.#queue.get(); key !== undefined; key = await this.#queue.get()) {
      if (signal.aborted) return;
      const series = this.#series.get(key);
      if (series !== undefined) await this.#write(series);
      this.#queue.done(key);
    }
  }

  #seriesOf(
    involvedObject: Series["involvedObject"],
    type: EventType,
    reason: string,
    message: string,
  ): Series {
    const now = this.#options.clock.now();
    const times = { firstMs: now, lastMs: now, count: 0 };
    const fresh = { involvedObject, type, reason, message, ...times, news: false, stored: undefined };
    const key = keyOfSeries(fresh);
    const series = this.#series.get(key) ?? fresh;
    this.#series.delete(key);
    this.#series.set(key, series);
    this.#evict();
    return series;
  }

  #evict(): void {
    const oldest = this.#series.size > maxSeries ? this.#series.keys().next() : undefined;
    if (oldest === undefined || oldest.done) return;
    this.#series.delete(oldest.value);
    this.#limiter.forget(oldest.value);
  }

  async #write(series: Series): Promise<void> {
    series.news = false;
    try {
      series.stored = await this.#store(series);
    } catch (error) {
      this.#logger.debug("event not written", { reason: series.reason, error: messageOf(error) });
    }
  }

  async #store(series: Series): Promise<Event> {
    const { store } = this.#options;
    if (series.stored !== undefined) {
      const { resourceVersion: _, ...metadata } = series.stored.metadata;
      try {
        return await store.update(EventKind, { ...this.#eventOf(series), metadata });
      } catch (error) {
        if (!hasReason(error, "NotFound")) throw error;
      }
    }
    return store.create(EventKind, this.#eventOf(series));
  }

  #eventOf({ involvedObject, type, reason, message, firstMs, lastMs, count }: Series): Event {
    const { component } = this.#options;
    const { name = "", namespace = "default" } = involvedObject;
    return {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: this.#nextName(name), namespace },
      involvedObject,
      type,
      reason,
      message,
      source: { component },
      firstTimestamp: formatTime(firstMs),
      lastTimestamp: formatTime(lastMs),
      count,
      reportingComponent: component,
    };
  }

  /** The object's name with a suffix from time and sequence, as client-go makes it; 63 characters at most. */
  #nextName(objectName: string): string {
    this.#written = (this.#written + 1) % 1000;
    const suffix = (this.#options.clock.now() * 1000 + this.#written).toString(16);
    return `${objectName.slice(0, 62 - suffix.length)}.${suffix}`;
  }
}

function referenceTo({ apiVersion, kind, metadata }: Resource): Event["involvedObject"] {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    apiVersion,
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

function keyOfSeries({ involvedObject, type, reason, message }: Series): string {
  const { kind, namespace, name, uid } = involvedObject;
  return JSON.stringify([kind, namespace, name, uid, type, reason, message]);
}

/** Keeps attempts with one key at least `intervalMs` apart. */
function spacing(clock: Clock, intervalMs: number): RateLimiter {
  const nextMs = new Map<string, number>();
  return {
    delayMs(key) {
      const now = clock.monotonic();
      const at = Math.max(now, nextMs.get(key) ?? now);
      nextMs.set(key, at + intervalMs);
      return at - now;
    },
    forget: (key) => void nextMs.delete(key),
    retries: () => 0,
  };
}
