import type { Topology } from "./topologies.ts";

/**
 * How many of something each host has, for the hosts that have any: quick to add to, and quick to go
 * through.
 */
export class CountedRows {
  #rows = new Int32Array(4);
  #counts = new Int32Array(4);
  readonly #places = new Map<number, number>();
  readonly #byDomain = new Map<string, DomainCounts>();

  /** How many hosts have any. */
  get size(): number {
    return this.#places.size;
  }

  /**
   * The hosts' rows: the first `size` are in use, in no order. Read at once: it is exchanged when it grows.
   */
  get rows(): Int32Array {
    return this.#rows;
  }

  /** How many each of `rows` has. */
  get counts(): Int32Array {
    return this.#counts;
  }

  /** Adds to, or with a negative number takes from, what a host has. */
  add(row: number, change: number): void {
    for (const { topology, version, counts } of this.#byDomain.values()) {
      const domain = topology.domainOf[row] ?? -1;
      if (domain >= 0 && version === topology.version) counts[domain] = (counts[domain] ?? 0) + change;
    }
    const place = this.#places.get(row);
    if (place === undefined) {
      if (change !== 0) this.#append(row, change);
      return;
    }
    const count = (this.#counts[place] ?? 0) + change;
    if (count === 0) this.#remove(row, place);
    else this.#counts[place] = count;
  }

  /** How many there are in each domain, kept up to date from now on; hosts without a domain are left out. */
  byDomain(topology: Topology): Int32Array {
    const known = this.#byDomain.get(topology.key);
    if (known?.topology === topology && known.version === topology.version) return known.counts;
    const counts = new Int32Array(topology.domainCount);
    this.addByDomain(topology, counts);
    this.#byDomain.set(topology.key, { topology, version: topology.version, counts });
    return counts;
  }

  /** Adds how many there are in each domain to `counts`. */
  addByDomain({ domainOf }: Topology, counts: Int32Array): void {
    const rows = this.#rows;
    const each = this.#counts;
    for (let place = 0; place < this.size; place += 1) {
      const domain = domainOf[rows[place] ?? 0] ?? -1;
      if (domain >= 0) counts[domain] = (counts[domain] ?? 0) + (each[place] ?? 0);
    }
  }

  #append(row: number, count: number): void {
    const place = this.#places.size;
    if (place === this.#rows.length) {
      this.#rows = grown(this.#rows);
      this.#counts = grown(this.#counts);
    }
    this.#rows[place] = row;
    this.#counts[place] = count;
    this.#places.set(row, place);
  }

  #remove(row: number, place: number): void {
    const last = this.#places.size - 1;
    const lastRow = this.#rows[last] ?? row;
    this.#rows[place] = lastRow;
    this.#counts[place] = this.#counts[last] ?? 0;
    this.#places.set(lastRow, place);
    this.#places.delete(row);
  }
}

interface DomainCounts {
  readonly topology: Topology;
  readonly version: number;
  readonly counts: Int32Array;
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
