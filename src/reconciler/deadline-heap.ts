interface Entry<T> {
  readonly key: string;
  readonly item: T;
  atMs: number;
}

/** Keyed items by the time at which they fall due; each key once. Insertion and removal in O(log n). */
export class DeadlineHeap<T> {
  readonly #heap: Entry<T>[] = [];
  readonly #positions = new Map<string, number>();

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest deadline. */
  get nextMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  /** Adds an item; of two deadlines for one key the earlier wins. */
  add(key: string, item: T, atMs: number): void {
    const position = this.#positions.get(key);
    if (position === undefined) {
      this.#rise(this.#heap.length, { key, item, atMs });
      return;
    }
    const entry = this.#heap[position];
    if (entry === undefined || entry.atMs <= atMs) return;
    entry.atMs = atMs;
    this.#rise(position, entry);
  }

  /** Removes and returns one item due at `nowMs`, the earliest first. */
  takeDue(nowMs: number): T | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    this.#positions.delete(first.key);
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    return first.item;
  }

  clear(): void {
    this.#heap.length = 0;
    this.#positions.clear();
  }

  #rise(from: number, entry: Entry<T>): void {
    let position = from;
    while (position > 0) {
      const above = (position - 1) >>> 1;
      const parent = this.#heap[above];
      if (parent === undefined || parent.atMs <= entry.atMs) break;
      this.#put(position, parent);
      position = above;
    }
    this.#put(position, entry);
  }

  /** Puts `entry` at the top, which is free, and lets it sink to its place. */
  #sink(entry: Entry<T>): void {
    let position = 0;
    for (;;) {
      const left = this.#heap[2 * position + 1];
      if (left === undefined) break;
      const right = this.#heap[2 * position + 2];
      const [child, below] =
        right !== undefined && right.atMs < left.atMs ? [right, 2 * position + 2] : [left, 2 * position + 1];
      if (child.atMs >= entry.atMs) break;
      this.#put(position, child);
      position = below;
    }
    this.#put(position, entry);
  }

  #put(position: number, entry: Entry<T>): void {
    this.#heap[position] = entry;
    this.#positions.set(entry.key, position);
  }
}
