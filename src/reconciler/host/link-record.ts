import type { Clock } from "../../runtime/clock.ts";
import type { HostLink, SessionHealth } from "./host-link.ts";

/** What is remembered of a host's links: how often one was made, and when the host was last heard. */
export class LinkRecord {
  readonly #clock: Clock;
  #made = 0;
  #heardAtMs: number | undefined;
  #lastSeenMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When the host last said anything on a link that has ended, in wall time. */
  get lastSeenMs(): number | undefined {
    return this.#lastSeenMs;
  }

  made(): void {
    this.#made += 1;
  }

  /** A link has ended on which the host was last heard at this monotonic time. */
  ended(heardAtMs: number): void {
    this.#heardAtMs = heardAtMs;
    this.#lastSeenMs = this.#clock.now() - (this.#clock.monotonic() - heardAtMs);
  }

  health(link: HostLink): SessionHealth {
    const up = link.state === "connected";
    const { heardAtMs, inFlight } = up ? link.connection.health : { heardAtMs: this.#heardAtMs, inFlight: 0 };
    const silentMs = heardAtMs === undefined ? undefined : this.#clock.monotonic() - heardAtMs;
    return { up, silentMs, inFlight, reconnects: Math.max(0, this.#made - 1) };
  }
}
