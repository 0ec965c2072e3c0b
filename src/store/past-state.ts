import type { LogEvent, LogRecord } from "./log.ts";
import type { SortedKeys } from "./sorted-keys.ts";

/** Which keys are wanted: those after `after`, until there are `limit` records. */
export interface KeyRange {
  readonly after: string;
  readonly limit: number;
}

/**
 * How the keys under a prefix were at one revision, however long it takes to read them: of every write since
 * it is told what it replaced, and of everything else the current state is true.
 */
export class PastState {
  readonly #prefix: string;
  /** How each key that was written since was before; undefined: it was not. */
  readonly #before = new Map<string, LogRecord | undefined>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Every event after the revision, in order. */
  undo({ key, previous }: LogEvent): void {
    if (key.startsWith(this.#prefix) && !this.#before.has(key)) this.#before.set(key, previous);
  }

  /** In order, those that had a record and some that may have had none. `current`: the keys of now. */
  keys(current: SortedKeys, { after, limit }: KeyRange): readonly string[] {
    const found = current.under(this.#prefix, after, limit + this.#before.size);
    if (this.#before.size === 0) return found;
    const written = [...this.#before.keys()].filter((key) => key > after);
    return [...written, ...found.filter((key) => !this.#before.has(key))].sort();
  }

  /** What the key had. `current`: what it has now. */
  record(key: string, current: LogRecord | undefined): LogRecord | undefined {
    return this.#before.has(key) ? this.#before.get(key) : current;
  }

  /** How many keys after `after` had a record. */
  countAfter(after: string, current: SortedKeys): number {
    let count = current.countUnder(this.#prefix, after);
    for (const [key, record] of this.#before) {
      if (key > after) count += (record === undefined ? 0 : 1) - (current.has(key) ? 1 : 0);
    }
    return count;
  }
}
