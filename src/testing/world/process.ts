import type { Clock, Timer } from "../../runtime/clock.ts";
import { manualEpochMs } from "../manual-clock.ts";
import type { SimClock } from "./sim-clock.ts";

/**
 * How a process stops for a while. A suspended machine's monotonic clock stands still, a stopped process's
 * not.
 */
export type Pause = "stopped" | "suspended";

export interface ProcessOptions {
  readonly name: string;
  readonly time: SimClock;
  /** How fast its clocks run, 1 being true. */
  readonly rate?: number;
  /** How wrong its wall clock is. */
  readonly wallOffsetMs?: number;
  /** Called at each moment at which it may be killed; kills it, or not. */
  readonly boundary?: (process: Process, what: string) => void;
}

/**
 * A process of the controller: its clocks, and the door through which everything from outside must come to
 * it. One that is paused gets it all when it goes on, one that is dead never: its timers do not fire, its
 * calls are not answered, and what it awaits it awaits for ever.
 */
export class Process {
  readonly name: string;
  readonly clock: Clock;
  readonly #options: ProcessOptions;
  #state: "running" | Pause | "dead" = "running";
  #held: (() => void)[] = [];
  #wallOffsetMs: number;
  #frozenMs = 0;
  #pausedAtMs = 0;
  #wokeAtMs = Number.NEGATIVE_INFINITY;
  #timers = 0;
  readonly #sockets = new Set<() => void>();

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.#options = options;
    this.#wallOffsetMs = options.wallOffsetMs ?? 0;
    this.clock = new ProcessClock(this, options.time, options.rate ?? 1);
  }

  get isAlive(): boolean {
    return this.#state !== "dead";
  }

  get isPaused(): boolean {
    return this.#state === "stopped" || this.#state === "suspended";
  }

  /** How many of its timers wait. */
  get pendingTimers(): number {
    return this.#timers;
  }

  get wallOffsetMs(): number {
    return this.#wallOffsetMs;
  }

  /** True time for which its monotonic clock has stood still. */
  get frozenMs(): number {
    const { elapsedMs } = this.#options.time;
    return this.#frozenMs + (this.#state === "suspended" ? elapsedMs - this.#pausedAtMs : 0);
  }

  /** Brings something in from outside. */
  deliver(run: () => void): void {
    if (this.#state === "running") run();
    else if (this.isPaused) this.#held.push(run);
  }

  /** A moment between two effects; false when the process has died at it. */
  survives(what: string): boolean {
    if (this.isAlive) this.#options.boundary?.(this, what);
    return this.isAlive;
  }

  /** Whether it sleeps, or has not been awake for so long. */
  hasJustWoken(ms: number): boolean {
    return this.isPaused || this.#options.time.elapsedMs - this.#wokeAtMs < ms;
  }

  jumpWall(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  pause(how: Pause): void {
    if (this.#state !== "running") return;
    this.#state = how;
    this.#pausedAtMs = this.#options.time.elapsedMs;
  }

  resume(): void {
    if (!this.isPaused) return;
    this.#frozenMs = this.frozenMs;
    this.#wokeAtMs = this.#options.time.elapsedMs;
    this.#state = "running";
    const held = this.#held;
    this.#held = [];
    for (const run of held) this.#options.time.schedule(0, () => this.deliver(run));
  }

  kill(): void {
    this.#state = "dead";
    this.#held = [];
    for (const close of this.#sockets) close();
    this.#sockets.clear();
  }

  /** What the kernel closes when the process ends, unless it is taken back before. */
  own(close: () => void): () => void {
    this.#sockets.add(close);
    return () => void this.#sockets.delete(close);
  }

  countTimer(change: 1 | -1): void {
    this.#timers += change;
  }
}

/** No wait for something is shorter: time would not move by it. */
const tickMs = 0.000_01;

/** The clocks as the process sees them. */
class ProcessClock implements Clock {
  readonly #process: Process;
  readonly #time: SimClock;
  readonly #rate: number;

  constructor(process: Process, time: SimClock, rate: number) {
    this.#process = process;
    this.#time = time;
    this.#rate = rate;
  }

  now(): number {
    this.#time.watchdog.asked();
    return Math.floor(manualEpochMs + this.#time.elapsedMs * this.#rate + this.#process.wallOffsetMs);
  }

  monotonic(): number {
    this.#time.watchdog.asked();
    return (this.#time.elapsedMs - this.#process.frozenMs) * this.#rate;
  }

  after(delayMs: number, callback: () => void): Timer {
    // What is left of a deadline may be less than the clock can tell: a real one goes on by itself meanwhile.
    const waitMs = delayMs > 0 ? Math.max(tickMs, delayMs) : 0;
    const due = this.monotonic() + waitMs;
    let timer: Timer | undefined;
    let isOver = false;
    const end = (): boolean => {
      if (isOver) return false;
      isOver = true;
      this.#process.countTimer(-1);
      return true;
    };
    const fire = (): void => {
      if (isOver) return;
      const leftMs = due - this.monotonic();
      // Never early, not even by what is lost in rounding.
      if (leftMs > 0) timer = this.#schedule(leftMs + tickMs, fire);
      else if (end()) callback();
    };
    this.#process.countTimer(1);
    timer = this.#schedule(waitMs, fire);
    return {
      cancel: () => {
        if (end()) timer?.cancel();
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

  yield(): Promise<void> {
    return new Promise((resolve) => void this.after(0, resolve));
  }

  /** Others may come between, as they may with several cores. */
  drained(): Promise<void> {
    return this.yield();
  }

  #schedule(ownMs: number, fire: () => void): Timer {
    return this.#time.schedule(ownMs / this.#rate, () => this.#process.deliver(fire));
  }
}
