import type { Resources } from "../schema/host.ts";
import type { HostState } from "./host-state.ts";

const firstRoom = 16;

/** What a filter looks at of a host's `state`, as bits. */
export const hostBits = { live: 1, ready: 2, schedulable: 4, acceleratorKnown: 8 } as const;

/** The numbers of all hosts, one column for each; a host is a row. Exchanged when they grow. */
export interface HostColumns {
  readonly state: Uint8Array;
  readonly allocatableCpus: Float64Array;
  readonly allocatableMemory: Float64Array;
  readonly allocatableDisk: Float64Array;
  readonly promisedCpus: Float64Array;
  readonly promisedMemory: Float64Array;
  readonly promisedDisk: Float64Array;
  /** Allocatable less promised; negative where more was promised than there is. */
  readonly freeCpus: Float64Array;
  readonly freeMemory: Float64Array;
  readonly freeDisk: Float64Array;
  readonly failures: Float64Array;
  /** How many machines are there. */
  readonly machines: Float64Array;
  /** The place in host order. */
  readonly rank: Int32Array;
}

/** How many live hosts have what most do not: rules about it need not be asked when none has. */
export interface HostCounts {
  notReady: number;
  cordoned: number;
  withoutAccelerator: number;
  /** With a taint that keeps machines away. */
  tainted: number;
  /** With a `PreferNoSchedule` taint. */
  avoided: number;
  failing: number;
}

/** Hosts as rows of numbers. A row is used again after its host has gone and nothing is left on it. */
export class HostTable {
  readonly counts: HostCounts = {
    notReady: 0,
    cordoned: 0,
    withoutAccelerator: 0,
    tainted: 0,
    avoided: 0,
    failing: 0,
  };
  columns: HostColumns = newColumns(firstRoom);
  /** Rows from here on have never been used. */
  rowCount = 0;
  /** Another number after every change of what hosts there are, their order and their `state`. */
  version = 0;
  readonly #rows = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #states: (HostState | undefined)[] = [];
  readonly #unused: number[] = [];
  #allRows: Int32Array = new Int32Array(0);
  /** How many machines and other things have a promise there: the row stays while there is one. */
  readonly #tenants: number[] = [];
  readonly #onAmounts: (row: number) => void;
  #order: Int32Array | undefined;

  /** `onAmounts` is called whenever the numbers of a host have changed. */
  constructor(onAmounts: (row: number) => void = () => undefined) {
    this.#onAmounts = onAmounts;
  }

  /** The host's row, live or not; undefined when there is none. */
  rowOf(name: string): number | undefined {
    return this.#rows.get(name);
  }

  nameOf(row: number): string {
    return this.#names[row] ?? "";
  }

  /** What the row's host is; undefined when it is not live. */
  stateOf(row: number): HostState | undefined {
    return this.#states[row];
  }

  /** The rows of the live hosts, in host order: by creation, then by name. */
  order(): Int32Array {
    this.#order ??= this.#sort();
    return this.#order;
  }

  /** Every row below `rowCount`, in use or not. */
  allRows(): Int32Array {
    if (this.#allRows.length < this.rowCount) {
      this.#allRows = Int32Array.from({ length: this.columns.state.length }, (_, row) => row);
    }
    return this.#allRows;
  }

  /** A row for a host of which nothing else is known yet. */
  ensure(name: string): number {
    const known = this.#rows.get(name);
    if (known !== undefined) return known;
    const row = this.#unused.pop() ?? this.rowCount++;
    if (row >= this.columns.state.length) this.columns = growColumns(this.columns);
    this.#rows.set(name, row);
    this.#names[row] = name;
    return row;
  }

  /** Enters or replaces what a host is. */
  set(row: number, host: HostState): void {
    const before = this.#states[row];
    if (before !== undefined) this.#count(before, -1);
    this.#count(host, 1);
    this.#states[row] = host;
    if (before?.createdAt !== host.createdAt) this.#order = undefined;
    const bits = bitsOf(host);
    if (this.columns.state[row] !== bits || this.#order === undefined) this.version += 1;
    this.columns.state[row] = bits;
    this.columns.failures[row] = host.failures;
    this.#allow(row, host.allocatable);
  }

  /** The host is gone; machines that are still on it keep the row. */
  clear(row: number): void {
    const before = this.#states[row];
    if (before === undefined) return;
    this.#count(before, -1);
    this.#states[row] = undefined;
    this.columns.state[row] = 0;
    this.version += 1;
    this.columns.failures[row] = 0;
    this.#allow(row, { cpus: 0, memoryBytes: 0, diskBytes: 0 });
    this.#order = undefined;
    this.#release(row);
  }

  /** A machine comes to a host (`sign` 1), or leaves it (-1). */
  occupy(row: number, resources: Resources, sign: 1 | -1): void {
    const { machines } = this.columns;
    machines[row] = (machines[row] ?? 0) + sign;
    this.promise(row, resources, sign);
  }

  /** Something that is no machine takes room on a host (`sign` 1), or gives it back (-1). */
  promise(row: number, { cpus, memoryBytes, diskBytes }: Resources, sign: 1 | -1): void {
    const { promisedCpus, promisedMemory, promisedDisk } = this.columns;
    promisedCpus[row] = (promisedCpus[row] ?? 0) + sign * cpus;
    promisedMemory[row] = (promisedMemory[row] ?? 0) + sign * memoryBytes;
    promisedDisk[row] = (promisedDisk[row] ?? 0) + sign * diskBytes;
    this.#tenants[row] = (this.#tenants[row] ?? 0) + sign;
    this.#settle(row);
    if (sign < 0) this.#release(row);
  }

  #allow(row: number, allocatable: Resources): void {
    this.columns.allocatableCpus[row] = allocatable.cpus;
    this.columns.allocatableMemory[row] = allocatable.memoryBytes;
    this.columns.allocatableDisk[row] = allocatable.diskBytes;
    this.#settle(row);
  }

  #settle(row: number): void {
    const { columns } = this;
    columns.freeCpus[row] = (columns.allocatableCpus[row] ?? 0) - (columns.promisedCpus[row] ?? 0);
    columns.freeMemory[row] = (columns.allocatableMemory[row] ?? 0) - (columns.promisedMemory[row] ?? 0);
    columns.freeDisk[row] = (columns.allocatableDisk[row] ?? 0) - (columns.promisedDisk[row] ?? 0);
    this.#onAmounts(row);
  }

  #release(row: number): void {
    if (this.#states[row] !== undefined || (this.#tenants[row] ?? 0) !== 0) return;
    this.#rows.delete(this.nameOf(row));
    this.#unused.push(row);
  }

  #count(host: HostState, change: number): void {
    const { counts } = this;
    if (!host.ready) counts.notReady += change;
    if (host.unschedulable) counts.cordoned += change;
    if (!host.acceleratorKnown) counts.withoutAccelerator += change;
    const avoided = host.taints.filter(({ effect }) => effect === "PreferNoSchedule").length;
    if (avoided > 0) counts.avoided += change;
    if (host.taints.length > avoided) counts.tainted += change;
    if (host.failures > 0) counts.failing += change;
  }

  #sort(): Int32Array {
    const live: { row: number; host: HostState }[] = [];
    this.#states.forEach((host, row) => {
      if (host !== undefined) live.push({ row, host });
    });
    live.sort((left, right) => compareHosts(left.host, right.host));
    const order = Int32Array.from(live, ({ row }) => row);
    order.forEach((row, rank) => {
      this.columns.rank[row] = rank;
    });
    return order;
  }
}

/** Host order: the sooner added first, then by name. */
export function compareHosts(
  left: Pick<HostState, "createdAt" | "name">,
  right: Pick<HostState, "createdAt" | "name">,
): number {
  if (left.createdAt !== right.createdAt) return left.createdAt < right.createdAt ? -1 : 1;
  return left.name < right.name ? -1 : left.name === right.name ? 0 : 1;
}

function bitsOf(host: HostState): number {
  return (
    hostBits.live |
    (host.ready ? hostBits.ready : 0) |
    (host.unschedulable ? 0 : hostBits.schedulable) |
    (host.acceleratorKnown ? hostBits.acceleratorKnown : 0)
  );
}

function newColumns(room: number): HostColumns {
  return {
    state: new Uint8Array(room),
    allocatableCpus: new Float64Array(room),
    allocatableMemory: new Float64Array(room),
    allocatableDisk: new Float64Array(room),
    promisedCpus: new Float64Array(room),
    promisedMemory: new Float64Array(room),
    promisedDisk: new Float64Array(room),
    freeCpus: new Float64Array(room),
    freeMemory: new Float64Array(room),
    freeDisk: new Float64Array(room),
    failures: new Float64Array(room),
    machines: new Float64Array(room),
    rank: new Int32Array(room),
  };
}

function growColumns(columns: HostColumns): HostColumns {
  const larger = newColumns(columns.state.length * 2);
  larger.state.set(columns.state);
  larger.allocatableCpus.set(columns.allocatableCpus);
  larger.allocatableMemory.set(columns.allocatableMemory);
  larger.allocatableDisk.set(columns.allocatableDisk);
  larger.promisedCpus.set(columns.promisedCpus);
  larger.promisedMemory.set(columns.promisedMemory);
  larger.promisedDisk.set(columns.promisedDisk);
  larger.freeCpus.set(columns.freeCpus);
  larger.freeMemory.set(columns.freeMemory);
  larger.freeDisk.set(columns.freeDisk);
  larger.failures.set(columns.failures);
  larger.machines.set(columns.machines);
  larger.rank.set(columns.rank);
  return larger;
}
