import type { Clock } from "./clock.ts";

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly lengthMs: number;
  /** What the work's signal is aborted with when time is up. */
  readonly reason: () => Error;
  /** Ends the work earlier. */
  readonly signal: AbortSignal;
}

/** Runs work under a signal that is aborted when the time is up; the timer ends with the work. */
export async function withDeadline<T>(
  { clock, lengthMs, reason, signal }: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const expired = new AbortController();
  const timer = clock.after(lengthMs, () => expired.abort(reason()));
  try {
    return await work(AbortSignal.any([signal, expired.signal]));
  } finally {
    timer.cancel();
  }
}
