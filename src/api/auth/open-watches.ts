import type { FastifyReply, FastifyRequest } from "fastify";
import type { Clock, Timer } from "../../runtime/clock.ts";

export interface OpenWatchesOptions {
  readonly clock: Clock;
  readonly isAllowed: (request: FastifyRequest) => boolean;
}

/** Changes come in bursts, and are looked at together. */
const burstMs = 50;
/** How often expiry is looked at, of which nobody tells. */
const roundMs = 30_000;

/** The watches that are open, each of which ends as soon as its caller may not have it any more. */
export class OpenWatches {
  readonly #options: OpenWatchesOptions;
  readonly #open = new Map<FastifyRequest, FastifyReply>();
  #timer: Timer | undefined;
  #soon = false;
  #stopped = false;

  constructor(options: OpenWatchesOptions) {
    this.#options = options;
  }

  add(request: FastifyRequest, reply: FastifyReply): void {
    this.#open.set(request, reply);
    reply.raw.once("close", () => this.#open.delete(request));
    this.#timer ??= this.#after(roundMs);
  }

  /** Something has changed that may end a watch. */
  lookAgain(): void {
    if (this.#soon || this.#open.size === 0) return;
    this.#soon = true;
    this.#timer?.cancel();
    this.#timer = this.#after(burstMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #after(delayMs: number): Timer {
    return this.#options.clock.after(delayMs, () => this.#look());
  }

  #look(): void {
    this.#soon = false;
    this.#timer = undefined;
    for (const [request, reply] of this.#open) {
      if (!this.#options.isAllowed(request)) reply.raw.destroy();
    }
    if (this.#open.size > 0 && !this.#stopped) this.#timer = this.#after(roundMs);
  }
}
