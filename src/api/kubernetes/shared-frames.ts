import type { Resource } from "../../schema/meta.ts";
import type { Store } from "../../store/store.ts";

interface Frame {
  readonly type: string;
  readonly bytes: Buffer;
}

/** More than the events that any two watches are apart from each other while both keep up. */
const capacity = 256;

/** The frames of recent watch events, each made once for all the watches that send it. */
export class SharedFrames {
  readonly #store: Pick<Store, "encoded">;
  readonly #frames = new Map<Resource, Frame>();
  /** Whose frames are kept, the newest written over the oldest. */
  readonly #kept: Resource[] = [];
  #made = 0;

  constructor(store: Pick<Store, "encoded">) {
    this.#store = store;
  }

  /** One line of a watch, with the object as the store keeps it. */
  frameOf(type: string, resource: Resource): Buffer {
    const known = this.#frames.get(resource);
    if (known?.type === type) return known.bytes;
    const bytes = watchFrame(type, this.#store.encoded(resource));
    if (known === undefined) this.#keep(resource);
    this.#frames.set(resource, { type, bytes });
    return bytes;
  }

  #keep(resource: Resource): void {
    const place = this.#made % capacity;
    const oldest = this.#kept[place];
    if (oldest !== undefined) this.#frames.delete(oldest);
    this.#kept[place] = resource;
    this.#made += 1;
  }
}

/** One line of a watch; `objectText` is JSON. */
export function watchFrame(type: string, objectText: string): Buffer {
  return Buffer.from(`{"type":"${type}","object":${objectText}}\n`);
}
