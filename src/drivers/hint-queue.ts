import type { Hint } from "./driver.ts";

/** Beyond this many domains one hint for the whole host says as much. */
const maxPending = 1024;

/**
 * Holds what a slow reader has not taken yet. Repeated hints are one hint and its size is bounded, so
 * pushing never waits and never fails.
 */
export class HintQueue {
  readonly #uids = new Set<string>();
  #wholeHost = false;
  #ended = false;
  #wake: (() => void) | undefined;

  push(hint: Hint): void {
    if (this.#ended || this.#wholeHost) return;
    if (hint.uid !== undefined) this.#uids.add(hint.uid);
    if (hint.uid === undefined || this.#uids.size > maxPending) {
      this.#wholeHost = true;
      this.#uids.clear();
    }
    this.#wake?.();
  }

  /** The reader gets what is pending, then the end. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** For one reader. Ends after `end()`, or at once when `signal` aborts; never throws. */
  async *read(signal: AbortSignal): AsyncGenerator<Hint, void, undefined> {
    const onAbort = (): void => this.#wake?.();
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        const hint = this.#take();
        if (hint !== undefined) yield hint;
        else if (this.#ended) return;
        else await this.#pushed();
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  #take(): Hint | undefined {
    if (this.#wholeHost) {
      this.#wholeHost = false;
      return {};
    }
    for (const uid of this.#uids) {
      this.#uids.delete(uid);
      return { uid };
    }
    return undefined;
  }

  async #pushed(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
  }
}
