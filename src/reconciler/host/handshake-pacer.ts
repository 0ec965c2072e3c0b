import { onAbort } from "../../runtime/abort.ts";
import type { Clock, Timer } from "../../runtime/clock.ts";

export interface HandshakePacerOptions {
  readonly clock: Clock;
  /** How many handshakes may begin each second, in the long run. */
  readonly perSecond: number;
  /** How many may begin at once after a rest. */
  readonly burst: number;
}

/**
 * Who may connect to a host next: so many handshakes begin each second, however many hosts want one. A
 * handshake that hangs holds nothing. Hosts that have failed before wait behind those that have not, so that
 * many dead hosts never keep a living one waiting.
 */
export class HandshakePacer {
  readonly #options: HandshakePacerOptions;
  readonly #fresh = new Set<() => void>();
  readonly #failed = new Set<() => void>();
  #tokens: number;
  #countedAtMs: number;
  #timer: Timer | undefined;

  constructor(options: HandshakePacerOptions) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#countedAtMs = options.clock.monotonic();
  }

  /** Resolves when the caller may begin; rejects with the signal's reason. */
  turn(hasFailed: boolean, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const line = hasFailed ? this.#failed : this.#fresh;
    line.add(resolve);
    const stop = onAbort(signal, () => {
      line.delete(resolve);
      if (this.#waiting === 0) this.#timer?.cancel();
      reject(signal.reason);
    });
    this.#serve();
    return promise.finally(stop);
  }

  get #waiting(): number {
    return this.#fresh.size + this.#failed.size;
  }

  #serve(): void {
    this.#timer?.cancel();
    this.#count();
    for (const line of [this.#fresh, this.#failed]) {
      for (const begin of line) {
        if (this.#tokens < 1) break;
        this.#tokens -= 1;
        line.delete(begin);
        begin();
      }
    }
    if (this.#waiting === 0) return;
    const waitMs = Math.ceil(((1 - this.#tokens) / this.#options.perSecond) * 1000);
    this.#timer = this.#options.clock.after(waitMs, () => this.#serve());
  }

  #count(): void {
    const { clock, perSecond, burst } = this.#options;
    const now = clock.monotonic();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#countedAtMs) / 1000) * perSecond);
    this.#countedAtMs = now;
  }
}
