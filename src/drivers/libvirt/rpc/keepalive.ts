import type { Clock, Timer } from "../../../runtime/clock.ts";

export interface KeepaliveSettings {
  /** Silence after which we ping, and the pace of looking; 5 s unless told. */
  readonly intervalMs: number;
  /** Looks in a row without a sign of life until the connection counts as dead; 6 unless told. */
  readonly count: number;
}

export const defaultKeepalive: KeepaliveSettings = { intervalMs: 5000, count: 6 };

/**
 * Notices a peer that is gone without a word. It counts looks, not time, so that a process that was stopped
 * for a minute does not take its own absence for the peer's.
 */
export class Keepalive {
  readonly #clock: Clock;
  readonly #settings: KeepaliveSettings;
  readonly #port: { ping(): void; isSaturated(): boolean; dead(silenceMs: number): void };
  #heard = true;
  #heardAtMs: number;
  #silentLooks = 0;
  #timer: Timer;

  /** `isSaturated`: the peer may have stopped reading because of our own calls, so silence proves nothing. */
  constructor(
    clock: Clock,
    settings: KeepaliveSettings,
    port: { ping(): void; isSaturated(): boolean; dead(silenceMs: number): void },
  ) {
    this.#clock = clock;
    this.#settings = settings;
    this.#port = port;
    this.#heardAtMs = clock.monotonic();
    this.#timer = this.#arm();
  }

  /** Anything at all came in. */
  heard(): void {
    this.#heard = true;
    this.#heardAtMs = this.#clock.monotonic();
  }

  /** When anything last came in, in monotonic time. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  stop(): void {
    this.#timer.cancel();
  }

  #arm(): Timer {
    return this.#clock.after(this.#settings.intervalMs, () => this.#look());
  }

  #look(): void {
    this.#timer = this.#arm();
    if (this.#heard) {
      this.#heard = false;
      this.#silentLooks = 0;
      // The answer to the last ping is an interval old: without another silence would show only after two.
      if (this.#clock.monotonic() - this.#heardAtMs > this.#settings.intervalMs / 2) this.#port.ping();
      return;
    }
    this.#silentLooks += 1;
    const dead = this.#silentLooks >= this.#settings.count && !this.#port.isSaturated();
    if (dead) this.#port.dead(this.#silentLooks * this.#settings.intervalMs);
    else this.#port.ping();
  }
}
