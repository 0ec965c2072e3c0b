import { DelayingQueue } from "./delaying-queue.ts";
import { WorkQueue, type WorkQueueOptions } from "./queue.ts";
import type { RateLimiter } from "./rate-limiter.ts";

export interface RateLimitedQueueOptions<T> extends WorkQueueOptions<T> {
  readonly rateLimiter: RateLimiter;
}

/** The queue controllers use: all three layers, dedupe, delay and back off. */
export class RateLimitedQueue<T> extends WorkQueue<T> {
  readonly #options: RateLimitedQueueOptions<T>;
  readonly #delaying: DelayingQueue<T>;

  constructor(options: RateLimitedQueueOptions<T>) {
    super(options);
    this.#options = options;
    this.#delaying = new DelayingQueue({
      clock: options.clock,
      keyOf: options.keyOf,
      add: (item) => this.add(item),
    });
  }

  /** How many items are held back to be added later. */
  get delayed(): number {
    return this.#delaying.size;
  }

  /** Adds `item` after `delayMs`; earlier if it is added otherwise. */
  addAfter(item: T, delayMs: number): void {
    this.#delaying.addAfter(item, delayMs);
  }

  /** Adds `item` when the rate limiter allows another attempt. */
  addRateLimited(item: T): void {
    this.#options.observer?.retried();
    this.addAfter(item, this.#options.rateLimiter.delayMs(this.#options.keyOf(item)));
  }

  /** The work on `item` succeeded or is given up: its backoff starts anew. */
  forget(item: T): void {
    this.#options.rateLimiter.forget(this.#options.keyOf(item));
  }

  /** How often `item` was retried since it was last forgotten. */
  retries(item: T): number {
    return this.#options.rateLimiter.retries(this.#options.keyOf(item));
  }

  override shutDown(): void {
    this.#delaying.shutDown();
    super.shutDown();
  }
}
