import type { Clock, Timer } from "../runtime/clock.ts";

interface PendingTimer {
  readonly at: number;
  readonly callback: () => void;
}

/** 2026-01-01T00:00:00Z: where every manual clock starts unless told otherwise. */
export const manualEpochMs = 1_767_225_600_000;

const maxYieldRounds = 100_000;

/**
 * A clock that stands still until told to advance. Timers fire in order of time, then of creation, and all
 * promises that a timer wakes run before the next timer does, so a test sees one order of events only.
 * Work that waits for real I/O is not waited for.
 */
export class ManualClock implements Clock {
  readonly #startMs: number;
  #elapsedMs = 0;
  #timers: PendingTimer[] = [];
  #yields = 0;

  constructor(startMs = manualEpochMs) {
    this.#startMs = startMs;
  }

  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    const timer = { at: this.#elapsedMs + Math.max(0, delayMs), callback };
    this.#timers.splice(this.#position(timer.at), 0, timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = (): void => {
        timer.cancel();
        reject(signal?.reason);
      };
      const timer = this.after(delayMs, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Real: resolves in a later turn of the event loop, without the clock moving. */
  async yield(): Promise<void> {
    this.#yields += 1;
    await nextTurn();
    this.#yields -= 1;
  }

  drained(): Promise<void> {
    return this.yield();
  }

  /** How many timers wait. For tests that nothing is left behind. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Moves time forward by `ms`, firing every timer that falls due, also those set on the way. */
  async advance(ms: number): Promise<void> {
    const target = this.#elapsedMs + ms;
    await this.settle();
    for (;;) {
      const next = this.#timers[0];
      if (next === undefined || next.at > target) break;
      this.#timers.shift();
      this.#elapsedMs = Math.max(this.#elapsedMs, next.at);
      next.callback();
      await this.settle();
    }
    this.#elapsedMs = Math.max(this.#elapsedMs, target);
  }

  /** Runs all that can run without time passing. */
  async settle(): Promise<void> {
    for (let round = 0; round < maxYieldRounds; round += 1) {
      await nextTurn();
      if (this.#yields === 0) return;
    }
    throw new Error(`work did not come to rest in ${maxYieldRounds} turns: something yields forever`);
  }

  /** Where a timer due at `at` goes: after all that are due no later. */
  #position(at: number): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timers[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
