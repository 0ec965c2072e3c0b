import { StatusError } from "../runtime/errors.ts";
import type { Resource } from "../schema/meta.ts";
import type { LogEvent } from "./log.ts";
import type { ObjectCache } from "./object-cache.ts";
import type { WatchEvent } from "./store.ts";

/** A committed change as all its watchers share it: its object is made when the first of them asks. */
export class SharedEvent {
  readonly event: LogEvent;
  readonly #objects: ObjectCache;
  #watchEvent: WatchEvent<Resource> | undefined;

  constructor(event: LogEvent, objects: ObjectCache) {
    this.event = event;
    this.#objects = objects;
  }

  /** How many characters of text there are to be sent. */
  get size(): number {
    return (this.event.current ?? this.event.previous)?.value.length ?? 0;
  }

  /** How many characters of text would be gone without it: those of the state that it ended. */
  get outlived(): number {
    return this.event.previous?.value.length ?? 0;
  }

  /** Those who keep up have read it: the objects that nobody else has are made again should anybody ask. */
  settle(): void {
    this.#watchEvent = undefined;
    if (this.event.previous !== undefined) this.#objects.forget(this.event.previous);
  }

  read(): WatchEvent<Resource> {
    this.#watchEvent ??= this.#decode();
    return this.#watchEvent;
  }

  #decode(): WatchEvent<Resource> {
    const { current, previous, revision, key } = this.event;
    if (current !== undefined) {
      return { type: previous === undefined ? "ADDED" : "MODIFIED", object: this.#objects.resource(current) };
    }
    if (previous === undefined)
      throw new StatusError("InternalError", `event ${revision} of ${key} is empty`);
    return { type: "DELETED", object: this.#objects.deleted(previous, revision) };
  }
}

interface Bookmark {
  readonly size: number;
  read(): WatchEvent<Resource>;
}

/** How far a watcher may fall behind: so many events, so many characters of text. */
export interface WatcherLimits {
  readonly events: number;
  readonly characters: number;
}

/** The way of events to one watcher: a bounded buffer that is filled without waiting and read as a stream. */
export class Watcher {
  /** Everything up to this revision has been offered. */
  position: number;
  readonly #prefix: string;
  readonly #limits: WatcherLimits;
  readonly #onEnd: () => void;
  readonly #buffer: (SharedEvent | Bookmark)[] = [];
  #characters = 0;
  #ended = false;
  #failure: unknown;
  #wake: (() => void) | undefined;

  constructor(options: { prefix: string; position: number; limits: WatcherLimits; onEnd: () => void }) {
    this.#prefix = options.prefix;
    this.position = options.position;
    this.#limits = options.limits;
    this.#onEnd = options.onEnd;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Buffers the event if it is new to this watcher and of its prefix. */
  offer(shared: SharedEvent): void {
    const { revision, key } = shared.event;
    if (this.#ended || revision <= this.position) return;
    this.position = revision;
    if (key.startsWith(this.#prefix)) this.#push(shared);
  }

  /** Says that everything up to `revision` has been delivered before. */
  bookmark(revision: number): void {
    const event = { type: "BOOKMARK", resourceVersion: String(revision) } as const;
    this.#push({ size: 0, read: () => event });
  }

  /** Ends the stream at once, with an error if one is given. Idempotent. */
  end(failure?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#buffer.length = 0;
    this.#onEnd();
    this.#wake?.();
  }

  /** The stream of the events that `accepts` lets through. To be read once. */
  async *events<T extends Resource>(
    accepts: (event: WatchEvent<Resource>) => event is WatchEvent<T>,
  ): AsyncGenerator<WatchEvent<T>> {
    try {
      while (!this.#ended) {
        const next = this.#buffer.shift();
        if (next === undefined) {
          await this.#pushed();
          continue;
        }
        this.#characters -= next.size;
        const event = next.read();
        if (accepts(event)) yield event;
      }
      if (this.#failure !== undefined) throw this.#failure;
    } finally {
      this.end();
    }
  }

  #push(item: SharedEvent | Bookmark): void {
    this.#characters += item.size;
    this.#buffer.push(item);
    const { events, characters } = this.#limits;
    if (this.#buffer.length > events || this.#characters > characters) {
      const message = `the watcher is more than ${this.#buffer.length - 1} events behind; list again`;
      this.end(new StatusError("Expired", message));
      return;
    }
    this.#wake?.();
  }

  #pushed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
