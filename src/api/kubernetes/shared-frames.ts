import type { Resource } from "../../schema/meta.ts";
import type { Store } from "../../store/store.ts";
import type { Frame } from "./frame-writer.ts";

interface Known {
  readonly type: string;
  readonly frame: Frame;
}

/** More than the events that any two watches are apart from each other while both keep up. */
const capacity = 256;

/** The frames of recent watch events, each made once for all the watches that send it. */
export class SharedFrames {
  readonly #store: Pick<Store, "encoded">;
  readonly #frames = new Map<Resource, Known>();
  /** Whose frames are kept, the newest written over the oldest. */
  readonly #kept: Resource[] = [];
  #made = 0;

  constructor(store: Pick<Store, "encoded">) {
    this.#store = store;
  }

  /** One line of a watch, with the object as the store keeps it. */
  frameOf(type: string, resource: Resource): Frame {
    const known = this.#frames.get(resource);
    if (known?.type === type) return known.frame;
    const frame = watchFrame(type, this.#store.encoded(resource));
    if (known === undefined) this.#keep(resource);
    this.#frames.set(resource, { type, frame });
    return frame;
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
export function watchFrame(type: string, objectText: string): Frame {
  const line = `{"type":"${type}","object":${objectText}}\n`;
  const length = Buffer.byteLength(line);
  const head = `${length.toString(16)}\r\n`;
  const chunk = Buffer.from(`${head}${line}\r\n`);
  return { chunk, line: chunk.subarray(head.length, head.length + length) };
}
