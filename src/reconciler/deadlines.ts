import type { Clock, Timer } from "../runtime/clock.ts";

/**
 * Aborts pieces of work that take longer than they all may. They share one timer, so that a thousand short
 * pieces cost no timer each.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #lengthMs: number;
  readonly #reason: () => unknown;
  /** In order of deadline, because every piece may take equally long. */
  readonly #active = new Map<AbortController, number>();
  #timer: Timer | undefined;

  constructor(options: { readonly clock: Clock; readonly lengthMs: number; readonly reason: () => unknown }) {
    this.#clock = options.clock;
    this.#lengthMs = options.lengthMs;
    this.#reason = options.reason;
  }

  /** The controller of a piece of work that begins now; give it to `end` when the work is over. */
  begin(): AbortController {
    const piece = new AbortController();
    this.#active.set(piece, this.#clock.monotonic() + this.#lengthMs);
    this.#timer ??= this.#clock.after(this.#lengthMs, () => this.#expire());
    return piece;
  }

  end(piece: AbortController): void {
    this.#active.delete(piece);
  }

  /** Aborts all work that is going on, and needs no timer any more. */
  abortAll(reason: unknown): void {
    this.#timer?.cancel();
    for (const piece of this.#active.keys()) piece.abort(reason);
    this.#active.clear();
  }

  #expire(): void {
    this.#timer = undefined;
    for (const [piece, atMs] of this.#active) {
      const leftMs = atMs - this.#clock.monotonic();
      if (leftMs > 0) {
        this.#timer = this.#clock.after(leftMs, () => this.#expire());
        return;
      }
      this.#active.delete(piece);
      piece.abort(this.#reason());
    }
  }
}
