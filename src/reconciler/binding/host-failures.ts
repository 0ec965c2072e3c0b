interface Failures {
  readonly count: number;
  /** When it was that many, in milliseconds since the epoch. */
  readonly at: number;
}

/** After so long a failed start counts for half. */
const halfLifeMs = 3 * 60_000;
/** Less than this is nothing: after ten minutes one failure is forgotten. */
const negligible = 0.1;

/** Starts that failed on each host lately. A start that works makes up for all. In memory only. */
export class HostFailures {
  readonly #byHost = new Map<string, Failures>();

  note(hostName: string, outcome: "started" | "failed", now: number): void {
    if (outcome === "started") this.#byHost.delete(hostName);
    else this.#byHost.set(hostName, { count: this.of(hostName, now) + 1, at: now });
  }

  /** How many there were lately, old ones counting less; 0 for none. */
  of(hostName: string, now: number): number {
    const failures = this.#byHost.get(hostName);
    if (failures === undefined) return 0;
    const left = failures.count * 0.5 ** (Math.max(0, now - failures.at) / halfLifeMs);
    if (left >= negligible) return left;
    this.#byHost.delete(hostName);
    return 0;
  }
}
