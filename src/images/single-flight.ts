import { orAborted } from "../runtime/abort.ts";

/**
 * Runs at most one task per key; who asks meanwhile gets the same outcome. Who gives up leaves the task
 * running for the others; disposing ends all tasks and waits until they have ended.
 */
export class SingleFlight<T> implements AsyncDisposable {
  readonly #running = new Map<string, Promise<T>>();
  readonly #end = new AbortController();

  /** The outcome of the task of this key, started now unless it is running. */
  async run(key: string, task: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const running = this.#running.get(key) ?? this.#start(key, task);
    return await orAborted(running, signal);
  }

  /** Whether a task of this key is running. */
  has(key: string): boolean {
    return this.#running.has(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await Promise.allSettled(this.#running.values());
  }

  #start(key: string, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const running = task(this.#end.signal).finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    return running;
  }
}
