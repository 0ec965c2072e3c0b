import type { SharedEvent } from "./watcher.ts";

/** How many events are kept with the objects that were made of them. */
const warmEvents = 256;

/**
 * The newest events, bounded in number and in the characters of text that only they keep: a state that still
 * stands is in memory anyway. All but the very newest are kept as text alone.
 */
export class RecentEvents {
  /** Undefined: no longer kept. */
  #events: (SharedEvent | undefined)[] = [];
  /** Where the kept events begin; the places before it are given up now and then. */
  #first = 0;
  #characters = 0;
  #since: number;
  readonly #maxEvents: number;
  readonly #maxCharacters: number;

  constructor(since: number, maxEvents = 4096, maxCharacters = 4 * 1024 * 1024) {
    this.#since = since;
    this.#maxEvents = maxEvents;
    this.#maxCharacters = maxCharacters;
  }

  /** All events after this revision are here. */
  get since(): number {
    return this.#since;
  }

  add(event: SharedEvent): void {
    this.#events.push(event);
    this.#characters += event.outlived;
    this.#events.at(-1 - warmEvents)?.settle();
    while (this.#events.length - this.#first > this.#maxEvents || this.#characters > this.#maxCharacters) {
      this.#dropOldest();
    }
  }

  /** The events after `revision`, which must not be before `since`. */
  after(revision: number): readonly SharedEvent[] {
    let low = this.#first;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.event.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#events.slice(low).filter((event) => event !== undefined);
  }

  #dropOldest(): void {
    const oldest = this.#events[this.#first];
    if (oldest === undefined) return;
    this.#events[this.#first] = undefined;
    this.#first += 1;
    this.#characters -= oldest.outlived;
    this.#since = oldest.event.revision;
    if (this.#first * 2 <= this.#events.length) return;
    this.#events = this.#events.slice(this.#first);
    this.#first = 0;
  }
}
