/** A pending timer; `cancel` is idempotent. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time. Production uses `systemClock`; tests and the simulator use `ManualClock`.
 * All durations are milliseconds.
 */
export interface Clock {
  /** Wall time in milliseconds since the epoch. May jump. For timestamps that people read. */
  now(): number;
  /** Milliseconds since an arbitrary start. Never goes back. For measuring and for deadlines. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`. Does not keep the process alive by itself. */
  after(delayMs: number, callback: () => void): Timer;
  /** Resolves after `delayMs`; rejects with the signal's reason when aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Resolves after I/O callbacks that are due have run: lets other work go on. */
  yield(): Promise<void>;
  /** Resolves when all that goes on without waiting has gone on, before what has come in is looked at. */
  drained(): Promise<void>;
}

class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  after(delayMs: number, callback: () => void): Timer {
    const timeout = setTimeout(callback, delayMs);
    timeout.unref();
    return { cancel: () => clearTimeout(timeout) };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = (): void => {
        clearTimeout(timeout);
        reject(signal?.reason);
      };
      const timeout = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, delayMs);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  yield(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  drained(): Promise<void> {
    return new Promise((resolve) => process.nextTick(resolve));
  }
}

/** The machine's clock. */
export const systemClock: Clock = new SystemClock();

/** What was last written out: most times that are written one after another are of one second. */
let lastWritten = { second: Number.NaN, text: "" };

/** Wall time as RFC 3339 with whole seconds, as Kubernetes writes it: `2026-11-20T09:30:00Z`. */
export function formatTime(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (second !== lastWritten.second) {
    lastWritten = { second, text: `${new Date(epochMs).toISOString().slice(0, 19)}Z` };
  }
  return lastWritten.text;
}

/** RFC 3339 with six fractional digits, which MicroTime fields (Lease, Event) need exactly. */
export function formatMicroTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 23)}000Z`;
}

/** Milliseconds since the epoch of an RFC 3339 time; NaN when it is not one. */
export function parseTime(text: string): number {
  return Date.parse(text);
}
