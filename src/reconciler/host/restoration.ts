import { fnv1a } from "../../runtime/hash.ts";
import type { Logger } from "../../runtime/logger.ts";
import { acceptRestoreCommand } from "../../schema/namespace.ts";

/** A domain on a host that is of a later placement than the store knows of. */
export interface NewerMark {
  /** `NAMESPACE/NAME` of its machine. */
  readonly machine: string;
  readonly epoch: number;
  readonly knownEpoch: number;
}

export interface RestorationOptions {
  readonly logger: Logger;
  /** Which life of the store this is. */
  readonly incarnation: string;
  /** What was found out when the store was opened; undefined: nothing. */
  readonly atOpen: string | undefined;
  /** The code of the life of the store that a person has accepted. */
  readonly accepted: () => string | undefined;
}

/**
 * Finds out that the store is older than what hosts carry: then it was brought back from a backup, and what
 * it wants may be long past. Until a person accepts that, nothing is changed on hosts.
 */
export class Restoration {
  readonly #options: RestorationOptions;
  readonly #marks = new Map<string, readonly NewerMark[]>();
  /** What a person has to name to accept it. */
  readonly code: string;

  constructor(options: RestorationOptions) {
    this.#options = options;
    this.code = fnv1a(options.incarnation).slice(0, 8);
    if (this.whyNot !== undefined) options.logger.error("store was restored", { because: this.whyNot });
  }

  get isAccepted(): boolean {
    return this.#options.accepted() === this.code;
  }

  /** Why nothing may be changed on hosts; undefined when it may. */
  get whyNot(): string | undefined {
    const found = this.#found();
    if (found === undefined || this.isAccepted) return undefined;
    return (
      `the store was brought back from an older backup (${found}): nothing is changed on hosts until ` +
      `somebody has looked and types: ${acceptRestoreCommand} ${this.code}`
    );
  }

  /** What a look at a host has shown; replaces what the one before did. */
  note(hostName: string, marks: readonly NewerMark[]): void {
    const before = this.whyNot;
    if (marks.length === 0) this.#marks.delete(hostName);
    else this.#marks.set(hostName, marks);
    const after = this.whyNot;
    if (before === undefined && after !== undefined) {
      this.#options.logger.error("store was restored", { because: after });
    }
  }

  /** What there is on one host, for its condition. */
  foundOn(hostName: string): string | undefined {
    const [first, ...more] = this.#marks.get(hostName) ?? [];
    if (first === undefined) return undefined;
    const others = more.length === 0 ? "" : `, and ${more.length} more`;
    return `${first.machine} is there of placement ${first.epoch}, known is ${first.knownEpoch}${others}`;
  }

  #found(): string | undefined {
    if (this.#options.atOpen !== undefined) return this.#options.atOpen;
    const [hostName] = this.#marks.keys();
    return hostName === undefined ? undefined : `on host "${hostName}" ${this.foundOn(hostName)}`;
  }
}
