import type { SharedEvent } from "./watcher.ts";

/** The newest events, bounded in number and in characters of text. */
export class RecentEvents {
  #events: SharedEvent[] = [];
  /** Where the kept events begin; what is before is dropped now and then. */
  #first = 0;
  #characters = 0;
  #since: number;
  readonly #maxEvents: number;
  readonly #maxCharacters: number;

  constructor(since: number, maxEvents = 4096, maxCharacters = 16 * 1024 * 1024) {
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
    this.#characters += event.size;
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
    return this.#events.slice(low);
  }

  #dropOldest(): void {
    const oldest = this.#events[this.#first];
    if (oldest === undefined) return;
    this.#first += 1;
    this.#characters -= oldest.size;
    this.#since = oldest.event.revision;
    if (this.#first <= this.#maxEvents) return;
    this.#events = this.#events.slice(this.#first);
    this.#first = 0;
  }
}
