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

  constructor(store: Pick<Store, "encoded">) {
    this.#store = store;
  }

  /** One line of a watch, with the object as the store keeps it. */
  frameOf(type: string, resource: Resource): Buffer {
    const known = this.#frames.get(resource);
    if (known?.type === type) return known.bytes;
    const bytes = watchFrame(type, this.#store.encoded(resource));
    this.#frames.set(resource, { type, bytes });
    if (this.#frames.size > capacity) this.#forgetOldest();
    return bytes;
  }

  #forgetOldest(): void {
    for (const oldest of this.#frames.keys()) {
      this.#frames.delete(oldest);
      return;
    }
  }
}

/** One line of a watch; `objectText` is JSON. */
export function watchFrame(type: string, objectText: string): Buffer {
  return Buffer.from(`{"type":"${type}","object":${objectText}}\n`);
}
