import { formatKey, keyOf, type Resource } from "../../schema/meta.ts";
import type { WatchEvent } from "../../store/store.ts";
import type { Selector } from "./selectors.ts";

type ObjectEvent = Exclude<WatchEvent<Resource>, { type: "BOOKMARK" }>;

/**
 * Turns what happens in a collection into what happens among the selected objects: one that begins to match
 * is ADDED, one that ceases to is DELETED.
 */
export class WatchFilter {
  readonly #selector: Selector;
  readonly #matching: Set<string>;

  /** `matching`: the selected objects at the revision from which events follow; not needed when stable. */
  constructor(selector: Selector, matching: readonly Resource[]) {
    this.#selector = selector;
    this.#matching = new Set(matching.map((resource) => formatKey(keyOf(resource))));
  }

  /** The event as a client with this selector must see it; undefined when it must not. */
  apply(event: ObjectEvent): ObjectEvent | undefined {
    const matches = this.#selector.matches(event.object);
    if (this.#selector.stable) return matches ? event : undefined;
    const key = formatKey(keyOf(event.object));
    if (event.type === "DELETED" || !matches) {
      return this.#matching.delete(key) ? { type: "DELETED", object: event.object } : undefined;
    }
    if (this.#matching.has(key)) return { type: "MODIFIED", object: event.object };
    this.#matching.add(key);
    return { type: "ADDED", object: event.object };
  }
}
