/** What has happened, in order: as one number that two equal plays share, and as lines when asked for. */
export class Trace {
  readonly lines: string[] = [];
  readonly #keep: boolean;
  #low = 0x811c9dc5;
  #high = 0xcbf29ce4;
  #count = 0;

  constructor(keep = false) {
    this.#keep = keep;
  }

  /** How many events there were. */
  get count(): number {
    return this.#count;
  }

  /** 16 hex digits that depend on every event and their order. */
  get hash(): string {
    return [this.#high, this.#low].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
  }

  record(atMs: number, what: string): void {
    this.#count += 1;
    this.#mix(Math.floor(atMs * 1000) | 0);
    for (let index = 0; index < what.length; index++) this.#mix(what.charCodeAt(index));
    if (this.#keep) this.lines.push(`${formatElapsed(atMs)}  ${what}`);
  }

  #mix(code: number): void {
    this.#low = Math.imul(this.#low ^ code, 0x01000193);
    this.#high = Math.imul(this.#high ^ (code + this.#count), 0x01000193);
  }
}

/** Virtual time since the beginning: `00:12:03.250`. */
export function formatElapsed(ms: number): string {
  return new Date(Math.floor(ms)).toISOString().slice(11, 23);
}
