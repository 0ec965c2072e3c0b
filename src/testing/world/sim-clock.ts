import type { Timer } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import { Watchdog } from "./watchdog.ts";

interface Due {
  readonly at: number;
  /** Drawn from the seed: which of two events that are due at the same moment comes first. */
  readonly tie: number;
  run: (() => void) | undefined;
}

/** How many events fire in one turn of the event loop. */
const perTurn = 32;

/**
 * Time itself: a heap of what is due. Events fire in order of time, those of one moment in an order that the
 * seed decides, and all promises that an event wakes run dry before the next event fires.
 */
export class SimClock {
  /** Ends what goes on without time passing, or for ever. */
  readonly watchdog = new Watchdog((error) => this.stop(error));
  readonly #scheduling: Random;
  readonly #heap: Due[] = [];
  #elapsedMs = 0;
  #fired = 0;
  #stopped: Error | undefined;

  constructor(scheduling: Random) {
    this.#scheduling = scheduling;
  }

  /** Milliseconds since the beginning. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** How many events have fired. */
  get fired(): number {
    return this.#fired;
  }

  schedule(delayMs: number, run: () => void): Timer {
    const due: Due = { at: this.#elapsedMs + Math.max(0, delayMs), tie: this.#scheduling.next(), run };
    this.watchdog.scheduled();
    this.#push(due);
    return {
      cancel: () => {
        due.run = undefined;
      },
    };
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.schedule(delayMs, resolve));
  }

  /** From now on nothing moves any more; `runFor` rejects. */
  stop(error: Error): void {
    this.#stopped ??= error;
  }

  /** Lets everything happen that is due within `ms`. */
  runFor(ms: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const target = this.#elapsedMs + ms;
    let isOver = false;
    const step = (): void => {
      if (isOver) return;
      const due = this.#stopped === undefined ? this.#takeUntil(target) : undefined;
      if (due !== undefined) {
        this.#fire(due);
        return;
      }
      isOver = true;
      if (this.#stopped !== undefined) reject(this.#stopped);
      else {
        this.#elapsedMs = target;
        resolve();
      }
    };
    // Promises run dry after each; a turn of the event loop for each alone would take longer than most do.
    const turn = (): void => {
      step();
      for (let count = 1; count < perTurn && !isOver; count++) setImmediate(step);
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    return promise;
  }

  #fire(due: Due): void {
    this.watchdog.fired(due.at);
    this.#elapsedMs = due.at;
    this.#fired += 1;
    due.run?.();
  }

  #takeUntil(target: number): Due | undefined {
    for (let next = this.#heap[0]; next !== undefined; next = this.#heap[0]) {
      if (next.run === undefined) this.#pop();
      else if (next.at > target) return undefined;
      else return this.#pop();
    }
    return undefined;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(due, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = due;
  }

  #pop(): Due | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const child = smallestChild(heap, index);
      const below = heap[child];
      if (below === undefined || !isBefore(below, last)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function smallestChild(heap: readonly Due[], index: number): number {
  const left = 2 * index + 1;
  const [a, b] = [heap[left], heap[left + 1]];
  return a !== undefined && b !== undefined && isBefore(b, a) ? left + 1 : left;
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.tie < b.tie);
}
