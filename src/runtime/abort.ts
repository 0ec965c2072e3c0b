import type { Clock } from "./clock.ts";

/** Sleeps; returns early, without an error, when the signal is aborted. For background loops. */
export async function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(delayMs, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Calls `callback` when the signal is aborted, at once if it is; returns a function that calls it off. */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) callback();
  else signal.addEventListener("abort", callback, { once: true });
  return () => signal.removeEventListener("abort", callback);
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => void onAbort(signal, resolve));
}

/**
 * What `promise` becomes, or the signal's reason if that is aborted first. The work behind the promise goes
 * on; its outcome is then ignored.
 */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const callOff = onAbort(signal, () => reject(signal.reason));
    promise.then(resolve, reject).finally(callOff);
  });
}

/** What `promise` becomes, or `undefined` when that takes longer than `delayMs`; it then goes on unheard. */
export function within<T>(clock: Clock, delayMs: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(delayMs, () => resolve(undefined));
    promise.then(resolve, reject).finally(() => timer.cancel());
  });
}
