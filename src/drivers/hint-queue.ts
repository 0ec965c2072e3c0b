import { deepEqual } from "../runtime/equal.ts";
import type { Hint } from "./driver.ts";

/** Beyond this many domains one hint for the whole host says as much. */
const maxPending = 1024;

/**
 * Holds what a slow reader has not taken yet. Repeated hints are one hint and its size is bounded, so
 * pushing never waits and never fails.
 */
export class HintQueue {
  readonly #hints = new Map<string, Hint>();
  #wholeHost = false;
  #ended = false;
  #wake: (() => void) | undefined;

  push(hint: Hint): void {
    if (this.#ended || this.#wholeHost) return;
    if (hint.uid !== undefined) this.#hints.set(hint.uid, joined(this.#hints.get(hint.uid), hint));
    if (hint.uid === undefined || this.#hints.size > maxPending) {
      this.#wholeHost = true;
      this.#hints.clear();
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
    for (const [uid, hint] of this.#hints) {
      this.#hints.delete(uid);
      return hint;
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

/** Of two hints at one domain only what both say is left; the first decides its place in the queue. */
function joined(before: Hint | undefined, hint: Hint): Hint {
  if (before === undefined || deepEqual(before, hint)) return hint;
  const { told: _, ...rest } = hint;
  return rest;
}
