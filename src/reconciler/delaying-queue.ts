import type { Clock, Timer } from "../runtime/clock.ts";
import { DeadlineHeap } from "./deadline-heap.ts";

export interface DelayingQueueOptions<T> {
  readonly clock: Clock;
  readonly keyOf: (item: T) => string;
  /** Where items go when their time has come. */
  readonly add: (item: T) => void;
}

/** Timers are set for at most this long, because the machine's timers overflow at 24 days. */
const longestTimerMs = 3_600_000;

/**
 * Holds items back for a time, then adds them to a queue: the second layer of the work queue. An item waits
 * once; of two delays the earlier end wins. All items share one timer.
 */
export class DelayingQueue<T> {
  readonly #options: DelayingQueueOptions<T>;
  readonly #waiting = new DeadlineHeap<T>();
  #timer: Timer | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #shutDown = false;

  constructor(options: DelayingQueueOptions<T>) {
    this.#options = options;
  }

  /** How many items are held back. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Adds `item` after `delayMs`, at once when that is not above zero. Throws `RangeError` for NaN. */
  addAfter(item: T, delayMs: number): void {
    if (Number.isNaN(delayMs)) throw new RangeError("a delay is a number of milliseconds, not NaN");
    if (this.#shutDown) return;
    if (delayMs <= 0) {
      this.#options.add(item);
      return;
    }
    const { clock, keyOf } = this.#options;
    this.#waiting.add(keyOf(item), item, clock.monotonic() + delayMs);
    this.#arm();
  }

  /** Forgets what waits and accepts nothing more. */
  shutDown(): void {
    this.#shutDown = true;
    this.#waiting.clear();
    this.#timer?.cancel();
  }

  #arm(): void {
    const nextMs = this.#waiting.nextMs;
    if (nextMs === undefined || nextMs >= this.#timerAtMs) return;
    this.#timer?.cancel();
    const delayMs = Math.min(nextMs - this.#options.clock.monotonic(), longestTimerMs);
    this.#timerAtMs = nextMs;
    this.#timer = this.#options.clock.after(delayMs, () => this.#release());
  }

  #release(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    const now = this.#options.clock.monotonic();
    for (let item = this.#waiting.takeDue(now); item !== undefined; item = this.#waiting.takeDue(now)) {
      this.#options.add(item);
    }
    this.#arm();
  }
}
