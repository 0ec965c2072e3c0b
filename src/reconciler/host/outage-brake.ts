import type { Clock, Timer } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/logger.ts";

export interface OutageBrakeOptions {
  readonly clock: Pick<Clock, "monotonic" | "after">;
  readonly logger: Logger;
  /** Called with the hosts that are concerned when it has begun to hold, holds for more, or has let go. */
  readonly onChange: (hostNames: readonly string[]) => void;
}

/** How a host was when this process began, as far as that is written down. */
export interface KnownBefore {
  /** It answered. */
  readonly wasUp: boolean;
  /** It was one of many that were away. */
  readonly wasHeld: boolean;
  /** How long it had been away already; undefined: it had not. */
  readonly awayMs?: number | undefined;
}

const windowMs = 60_000;
/** Of those that were up. */
const share = 0.3;
const leastHosts = 2;
/** So long the hosts must have been back. */
const settleMs = 60_000;

/**
 * Many hosts that vanish at once have hardly all died: rather the network has, or whoever looks. While it
 * holds nothing is started elsewhere and nobody is stopped to make room, unless a person insists. It lets go
 * by itself when most of the hosts have been back for a while.
 */
export class OutageBrake {
  readonly #options: OutageBrakeOptions;
  readonly #up = new Set<string>();
  /** Those that are away: since when, in monotonic time. */
  readonly #lostAt = new Map<string, number>();
  /** Those for which it holds; empty: it does not. */
  readonly #held = new Set<string>();
  #settling: Timer | undefined;

  constructor(options: OutageBrakeOptions) {
    this.#options = options;
  }

  get holds(): boolean {
    return this.#held.size > 0;
  }

  /** Why it holds for this host, one of those that are away; undefined when it does not. */
  reasonFor(hostName: string): string | undefined {
    if (!this.#held.has(hostName)) return undefined;
    return (
      `${this.#away().length} of ${this.#total()} hosts are away, of which ${this.#held.size} vanished at ` +
      "once: nothing is started elsewhere until most are back, unless a person insists"
    );
  }

  noteUp(hostName: string): void {
    if (this.#up.has(hostName)) return;
    this.#up.add(hostName);
    this.#lostAt.delete(hostName);
    this.#settle();
  }

  noteDown(hostName: string, { wasUp, wasHeld, awayMs = 0 }: KnownBefore): void {
    if (this.#lostAt.has(hostName)) return;
    const hasBeenUp = this.#up.delete(hostName);
    if (!hasBeenUp && !wasUp && !wasHeld && awayMs === 0) return;
    const now = this.#options.clock.monotonic();
    this.#lostAt.set(hostName, hasBeenUp ? now : now - Math.max(0, awayMs));
    const recent = [...this.#lostAt].filter(([, atMs]) => now - atMs <= windowMs).map(([name]) => name);
    const isMany = recent.length >= leastHosts && recent.length > share * (this.#up.size + recent.length);
    if (this.holds || isMany) this.#hold(recent);
    else if (wasHeld) this.#hold([hostName]);
    this.#settle();
  }

  /** The Host was removed. */
  forget(hostName: string): void {
    this.#up.delete(hostName);
    this.#lostAt.delete(hostName);
    this.#held.delete(hostName);
    this.#settle();
  }

  stop(): void {
    this.#settling?.cancel();
    this.#settling = undefined;
  }

  #hold(names: readonly string[]): void {
    const news = names.filter((name) => !this.#held.has(name));
    if (news.length === 0) return;
    for (const name of news) this.#held.add(name);
    const away = this.#away().length;
    this.#options.logger.warn("many hosts are away: nothing is started elsewhere", {
      away,
      of: this.#total(),
    });
    this.#options.onChange([...this.#held]);
  }

  /** Lets go when most are back, and stay. */
  #settle(): void {
    const isCalm = this.holds && this.#isMostlyBack();
    if (!isCalm) this.stop();
    else this.#settling ??= this.#options.clock.after(settleMs, () => this.#letGo());
  }

  #letGo(): void {
    const names = [...this.#held];
    this.#settling = undefined;
    this.#held.clear();
    this.#options.logger.info("most hosts are back: machines may be started elsewhere again", {
      away: this.#away().length,
    });
    this.#options.onChange(names);
  }

  /** Half as many as it takes to hold are no reason to go on. */
  #isMostlyBack(): boolean {
    const away = [...this.#held].filter((name) => !this.#up.has(name)).length;
    const takes = Math.max(leastHosts, Math.floor(share * (this.#up.size + away)) + 1);
    return away <= Math.floor(takes / 2);
  }

  #away(): readonly string[] {
    return [...this.#lostAt.keys()];
  }

  #total(): number {
    return this.#up.size + this.#lostAt.size;
  }
}
