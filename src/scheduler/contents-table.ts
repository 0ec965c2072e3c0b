/** Which hosts hold which image contents. */
export class ContentsTable {
  readonly #holders = new Map<string, Set<number>>();

  /** What a host holds, before and now. */
  changed(row: number, before: ReadonlySet<string>, after: ReadonlySet<string>): void {
    if (before === after) return;
    for (const volume of before) if (!after.has(volume)) this.#remove(volume, row);
    for (const volume of after) if (!before.has(volume)) this.#add(volume, row);
  }

  /** The rows of the hosts that hold this volume. */
  holders(volume: string): ReadonlySet<number> {
    return this.#holders.get(volume) ?? none;
  }

  #add(volume: string, row: number): void {
    const rows = this.#holders.get(volume);
    if (rows === undefined) this.#holders.set(volume, new Set([row]));
    else rows.add(row);
  }

  #remove(volume: string, row: number): void {
    const rows = this.#holders.get(volume);
    rows?.delete(row);
    if (rows?.size === 0) this.#holders.delete(volume);
  }
}

const none: ReadonlySet<number> = new Set();
