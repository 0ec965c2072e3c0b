import { onAbort } from "./abort.ts";
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
  const limits = new AbortController();
  const timer = clock.after(lengthMs, () => limits.abort(reason()));
  const callOff = onAbort(signal, () => limits.abort(signal.reason));
  try {
    return await work(limits.signal);
  } finally {
    timer.cancel();
    callOff();
  }
}
