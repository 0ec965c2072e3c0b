import type { Clock } from "../runtime/clock.ts";
import { encodeContinueToken } from "./continue-token.ts";
import type { LogRecord } from "./log.ts";
import type { ResourceList } from "./store.ts";

/** How many records are looked at in one turn, some of which may have to be parsed. */
const fillStep = 256;

/** A page of a list in the making. */
export class Page<T> {
  readonly #limit: number;
  readonly #items: T[] = [];
  #lastKey = "";
  #more = false;

  /** `limit` 0: all of the list. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds what `show` makes of the records, but undefined, as far as there is room; many in steps. */
  async fill(
    records: readonly LogRecord[],
    clock: Pick<Clock, "yield">,
    show: (record: LogRecord) => T | undefined,
  ): Promise<void> {
    for (const [n, record] of records.entries()) {
      if (n % fillStep === fillStep - 1) await clock.yield();
      const item = show(record);
      if (item !== undefined && !this.add(record.key, item)) break;
    }
  }

  /** False: there is no room for it, nor for anything that comes after it. */
  add(key: string, item: T): boolean {
    this.#more = this.#limit > 0 && this.#items.length === this.#limit;
    if (this.#more) return false;
    this.#items.push(item);
    this.#lastKey = key;
    return true;
  }

  /** `remaining`: how many there are that were not added. */
  list(revision: number, remaining: number): ResourceList<T> {
    const list = { items: this.#items, resourceVersion: String(revision) };
    if (!this.#more && remaining === 0) return list;
    const next = encodeContinueToken({ revision, lastKey: this.#lastKey });
    return { ...list, continue: next, ...(remaining > 0 && { remaining }) };
  }
}
