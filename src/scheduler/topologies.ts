import type { HostState } from "./host-state.ts";
import type { HostTable } from "./host-table.ts";

const maxTopologies = 128;

/**
 * The hosts by the value of one label: those with one value are one domain, whose number is its place here.
 */
export interface Topology {
  readonly key: string;
  /** The domain of each row, -1 for none. */
  readonly domainOf: Int32Array;
  readonly domainCount: number;
  /** Another number after every change, of this topology or of one that it takes the place of. */
  readonly version: number;
}

/** Keeps `Topology`s in step with hosts that come, go and change their labels. */
export class Topologies {
  readonly #hosts: HostTable;
  readonly #known = new Map<string, GrowingTopology>();
  #version = 0;

  constructor(hosts: HostTable) {
    this.#hosts = hosts;
  }

  /** The hosts by this label. What it holds is right until a host changes. */
  get(key: string): Topology {
    const known = this.#known.get(key);
    if (known?.isWorthKeeping(this.#hosts.rowCount)) return known;
    if (this.#known.size >= maxTopologies) this.#known.clear();
    const topology = new GrowingTopology(key);
    for (let row = 0; row < this.#hosts.rowCount; row += 1) {
      const host = this.#hosts.stateOf(row);
      if (host !== undefined) topology.set(row, host);
    }
    topology.version = ++this.#version;
    this.#known.set(key, topology);
    return topology;
  }

  /** The host in this row is new, has other labels, or has gone. */
  changed(row: number): void {
    const host = this.#hosts.stateOf(row);
    for (const topology of this.#known.values()) {
      topology.set(row, host);
      topology.version = ++this.#version;
    }
  }
}

class GrowingTopology implements Topology {
  readonly key: string;
  domainOf = new Int32Array(16).fill(-1);
  version = 0;
  readonly #domains = new Map<string, number>();

  constructor(key: string) {
    this.key = key;
  }

  get domainCount(): number {
    return this.#domains.size;
  }

  /**
   * Values that no host has any more keep their numbers: with too many of them it is better to begin anew.
   */
  isWorthKeeping(rowCount: number): boolean {
    return this.#domains.size <= 2 * rowCount + 64;
  }

  set(row: number, host: HostState | undefined): void {
    if (row >= this.domainOf.length) this.#growRows(row);
    this.domainOf[row] = this.#domainOf(host);
  }

  #domainOf(host: HostState | undefined): number {
    const { key } = this;
    if (host === undefined || !Object.hasOwn(host.labels, key)) return -1;
    const value = host.labels[key] ?? "";
    const known = this.#domains.get(value);
    if (known !== undefined) return known;
    const domain = this.#domains.size;
    this.#domains.set(value, domain);
    return domain;
  }

  #growRows(row: number): void {
    const larger = new Int32Array(Math.max(2 * this.domainOf.length, row + 1)).fill(-1);
    larger.set(this.domainOf);
    this.domainOf = larger;
  }
}
