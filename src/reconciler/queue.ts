import type { Clock } from "../runtime/clock.ts";

/** What a queue tells about itself; every method is called on the hot path and must not throw. */
export interface QueueObserver {
  added(): void;
  /** An item was handed out after waiting `waitedMs`. */
  taken(waitedMs: number): void;
  /** The work on an item took `workedMs`. */
  finished(workedMs: number): void;
  /** An item was put back because the work on it failed. */
  retried(): void;
}

export interface WorkQueueOptions<T> {
  readonly clock: Clock;
  /** Items with the same key are the same item. */
  readonly keyOf: (item: T) => string;
  readonly observer?: QueueObserver | undefined;
}

interface Waiting<T> {
  readonly item: T;
  readonly sinceMs: number;
}

/**
 * A queue of things to look at, after client-go's. Fair: first come, first served. Stingy: an item is never
 * handed to two workers at once; adding it again while it waits changes nothing, adding it while it is
 * worked on hands it out once more afterwards. Many may add, many may take. After `shutDown` nothing new is
 * accepted, what waits is still handed out, then `get` resolves to `undefined`.
 */
export class WorkQueue<T> {
  readonly #clock: Clock;
  readonly #keyOf: (item: T) => string;
  readonly #observer: QueueObserver | undefined;
  readonly #order = new Fifo<string>();
  /** Everything that must be looked at: what waits in `#order`, and what was added while in work. */
  readonly #dirty = new Map<string, Waiting<T>>();
  /** Keys in work, with the time the work began. */
  readonly #processing = new Map<string, number>();
  readonly #takers = new Fifo<(item: T | undefined) => void>();
  #drained: (() => void)[] = [];
  #shutDown = false;

  constructor(options: WorkQueueOptions<T>) {
    this.#clock = options.clock;
    this.#keyOf = options.keyOf;
    this.#observer = options.observer;
  }

  /** How many items wait to be taken. */
  get depth(): number {
    return this.#order.size;
  }

  /** How long the work that takes longest has been going on; 0 when nothing is in work. */
  get longestWorkMs(): number {
    const [oldest] = this.#processing.values();
    return oldest === undefined ? 0 : this.#clock.monotonic() - oldest;
  }

  /** How long the next item has waited; 0 when nothing waits. */
  get oldestWaitMs(): number {
    const key = this.#order.peek();
    const next = key === undefined ? undefined : this.#dirty.get(key);
    return next === undefined ? 0 : this.#clock.monotonic() - next.sinceMs;
  }

  /** Asks for a look at `item`. */
  add(item: T): void {
    const key = this.#keyOf(item);
    if (this.#shutDown || this.#dirty.has(key)) return;
    this.#dirty.set(key, { item, sinceMs: this.#clock.monotonic() });
    this.#observer?.added();
    if (!this.#processing.has(key)) this.#offer(key);
  }

  /** The next item, waiting for one; `undefined` after shutDown. Call `done` with it after the work. */
  async get(): Promise<T | undefined> {
    const key = this.#order.shift();
    if (key !== undefined) return this.#take(key);
    if (this.#shutDown) return undefined;
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** The work on `item` is over, well or badly. */
  done(item: T): void {
    const key = this.#keyOf(item);
    const startedMs = this.#processing.get(key);
    if (startedMs === undefined) return;
    this.#processing.delete(key);
    this.#observer?.finished(this.#clock.monotonic() - startedMs);
    if (this.#dirty.has(key)) this.#offer(key);
    this.#settle();
  }

  /** Accepts nothing more. */
  shutDown(): void {
    this.#shutDown = true;
    for (let taker = this.#takers.shift(); taker !== undefined; taker = this.#takers.shift())
      taker(undefined);
    this.#settle();
  }

  /** Shuts down and resolves when nothing waits and nothing is in work. */
  async shutDownAndDrain(): Promise<void> {
    const drained = new Promise<void>((resolve) => this.#drained.push(resolve));
    this.shutDown();
    await drained;
  }

  #offer(key: string): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#order.push(key);
    else taker(this.#take(key));
  }

  #take(key: string): T | undefined {
    const waiting = this.#dirty.get(key);
    if (waiting === undefined) return undefined;
    const now = this.#clock.monotonic();
    this.#dirty.delete(key);
    this.#processing.set(key, now);
    this.#observer?.taken(now - waiting.sinceMs);
    return waiting.item;
  }

  #settle(): void {
    if (!this.#shutDown || this.#processing.size > 0 || this.#order.size > 0) return;
    for (const resolve of this.#drained) resolve();
    this.#drained = [];
  }
}

const compactAt = 1024;

/** First in, first out, in constant time on average at any length. */
class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  peek(): T | undefined {
    return this.#items[this.#head];
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head >= compactAt && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
