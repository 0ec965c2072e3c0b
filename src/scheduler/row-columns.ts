import type { HostTable } from "./host-table.ts";

/** Computes a value for each of the first `count` rows and puts it into `values` under the row. */
export type ComputeRows = (rows: Int32Array, count: number, values: Float64Array) => void;

interface Column {
  values: Float64Array;
  /** How many of the changes it has taken in. */
  seen: number;
  /** When it was last asked for. */
  used: number;
}

/**
 * Numbers by row that follow from what is known of each host alone. A column is computed once, however many
 * machines ask for it, and after that only for rows that have changed. The columns used longest ago are
 * forgotten.
 */
export class RowColumns {
  readonly #hosts: HostTable;
  readonly #maxColumns: number;
  readonly #columns = new Map<string, Column>();
  /** Rows in the order in which they changed; the first of them is change number `#dropped`. */
  #changes: number[] = [];
  #dropped = 0;
  #asked = 0;

  constructor(hosts: HostTable, maxColumns: number) {
    this.#hosts = hosts;
    this.#maxColumns = maxColumns;
  }

  /** What is known of the host in this row is no longer what it was. */
  changed(row: number): void {
    this.#changes.push(row);
    if (this.#changes.length <= 2 * this.#hosts.rowCount + 64) return;
    this.#dropped += this.#changes.length;
    this.#changes = [];
  }

  /** The values by row. One `key` always means one way to compute them. */
  column(key: string, compute: ComputeRows): Float64Array {
    let column = this.#columns.get(key);
    if (column === undefined) {
      column = { values: this.#takeOldest(), seen: -1, used: 0 };
      this.#columns.set(key, column);
    }
    column.used = ++this.#asked;
    this.#refresh(column, compute);
    return column.values;
  }

  /** The array of the column used longest ago, where there are too many, to be filled anew. */
  #takeOldest(): Float64Array {
    if (this.#columns.size < this.#maxColumns) return new Float64Array(0);
    let [oldest] = this.#columns;
    for (const entry of this.#columns) {
      if (oldest === undefined || entry[1].used < oldest[1].used) oldest = entry;
    }
    if (oldest === undefined) return new Float64Array(0);
    this.#columns.delete(oldest[0]);
    return oldest[1].values;
  }

  #refresh(column: Column, compute: ComputeRows): void {
    const end = this.#dropped + this.#changes.length;
    if (column.seen === end) return;
    const room = this.#hosts.columns.state.length;
    if (column.seen < this.#dropped || column.values.length < room) {
      if (column.values.length < room) column.values = new Float64Array(room);
      compute(this.#hosts.allRows(), this.#hosts.rowCount, column.values);
    } else {
      const rows = Int32Array.from(this.#changes.slice(column.seen - this.#dropped));
      compute(rows, rows.length, column.values);
    }
    column.seen = end;
  }
}
