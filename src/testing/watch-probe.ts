import type { Resource } from "../schema/meta.ts";
import type { WatchEvent } from "../store/store.ts";

/** Reads a watch in the background. */
export class WatchProbe<T extends Resource> {
  readonly events: WatchEvent<T>[] = [];
  readonly #abort = new AbortController();
  #error: unknown;
  #ended = false;

  constructor(watch: (signal: AbortSignal) => AsyncIterable<WatchEvent<T>>) {
    this.#read(watch(this.#abort.signal)).catch((error: unknown) => {
      this.#error = error;
      this.#ended = true;
    });
  }

  /** `ADDED a 3`: type, name and resourceVersion of each event so far. */
  get log(): readonly string[] {
    return this.events.map((event) => {
      if (event.type === "BOOKMARK") return `BOOKMARK ${event.resourceVersion}`;
      const { name, resourceVersion } = event.object.metadata;
      return `${event.type} ${name} ${resourceVersion}`;
    });
  }

  get error(): unknown {
    return this.#error;
  }

  get ended(): boolean {
    return this.#ended;
  }

  stop(): void {
    this.#abort.abort();
  }

  async #read(events: AsyncIterable<WatchEvent<T>>): Promise<void> {
    for await (const event of events) this.events.push(event);
    this.#ended = true;
  }
}
