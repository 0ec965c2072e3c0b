const chunkLimit = 512;

/** A set of strings in order: adding, deleting and seeking cost little at any size. */
export class SortedKeys {
  /** Each chunk is sorted and not empty; all of one chunk comes before all of the next. */
  readonly #chunks: string[][] = [];

  add(key: string): void {
    const index = this.#chunkOf(key);
    const chunk = this.#chunks[index];
    if (chunk === undefined) {
      this.#chunks.push([key]);
      return;
    }
    const position = lowerBound(chunk, key);
    if (chunk[position] === key) return;
    chunk.splice(position, 0, key);
    if (chunk.length > chunkLimit) this.#chunks.splice(index + 1, 0, chunk.splice(chunkLimit >>> 1));
  }

  delete(key: string): void {
    const index = this.#chunkOf(key);
    const chunk = this.#chunks[index];
    if (chunk === undefined) return;
    const position = lowerBound(chunk, key);
    if (chunk[position] !== key) return;
    chunk.splice(position, 1);
    if (chunk.length === 0) this.#chunks.splice(index, 1);
  }

  has(key: string): boolean {
    const chunk = this.#chunks[this.#chunkOf(key)] ?? [];
    return chunk[lowerBound(chunk, key)] === key;
  }

  /** A copy of the first `limit` keys with this prefix that come after `after`, in order. */
  under(prefix: string, after = "", limit = Number.POSITIVE_INFINITY): string[] {
    const start = after < prefix ? prefix : after;
    const end = `${prefix}\uffff`;
    const found: string[] = [];
    for (let index = this.#chunkOf(start); index < this.#chunks.length && found.length < limit; index += 1) {
      const chunk = this.#chunks[index] ?? [];
      const first = lowerBound(chunk, start);
      const from = chunk[first] === after ? first + 1 : first;
      const to = Math.min(lowerBound(chunk, end), from + limit - found.length);
      if (from >= to && chunk.length > from) break;
      for (let position = from; position < to; position += 1) found.push(chunk[position] ?? "");
    }
    return found;
  }

  /** How many keys with this prefix come after `after`. */
  countUnder(prefix: string, after: string): number {
    const start = after < prefix ? prefix : after;
    return Math.max(0, this.#rankOf(`${prefix}\uffff`) - this.#rankOf(start, true));
  }

  /** How many keys come before `key`, or are `key` too. */
  #rankOf(key: string, inclusive = false): number {
    const index = this.#chunkOf(key);
    const chunk = this.#chunks[index] ?? [];
    const position = lowerBound(chunk, key);
    const before = this.#chunks.slice(0, index).reduce((sum, { length }) => sum + length, 0);
    return before + position + (inclusive && chunk[position] === key ? 1 : 0);
  }

  /** The last chunk that begins no later than `key`; the first chunk when none does. */
  #chunkOf(key: string): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#chunks[middle]?.[0] ?? "") <= key) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

/** Where `key` is, or would go. */
function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
