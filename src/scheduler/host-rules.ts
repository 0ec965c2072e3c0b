import type { HostState } from "./host-state.ts";
import type { HostTable } from "./host-table.ts";

const maxRules = 512;

/**
 * What a rule says of a host as a whole number. It may look at nothing but labels, taints and architecture.
 */
export type HostVerdict = (host: HostState) => number;

interface RuleColumn {
  readonly verdict: HostVerdict;
  values: Int32Array;
  /** How many of the changes it has taken in. */
  seen: number;
}

/**
 * What rules that look only at a host's labels, taints and architecture say of every host. It is computed
 * once
 * for each rule and host, however many machines have the rule, and again for hosts that have changed.
 */
export class HostRules {
  readonly #hosts: HostTable;
  readonly #columns = new Map<string, RuleColumn>();
  /** Rows in the order in which they changed; the first of them is change number `#dropped`. */
  #changes: number[] = [];
  #dropped = 0;

  constructor(hosts: HostTable) {
    this.#hosts = hosts;
  }

  /** The host in this row has other labels, taints or architecture than before. */
  changed(row: number): void {
    this.#changes.push(row);
    if (this.#changes.length <= 2 * this.#hosts.rowCount + 64) return;
    this.#dropped += this.#changes.length;
    this.#changes = [];
  }

  /** The rule's verdict by row, 0 where there is no host. One `key` always means one `verdict`. */
  column(key: string, verdict: HostVerdict): Int32Array {
    const known = this.#columns.get(key);
    const column = known ?? { verdict, values: new Int32Array(0), seen: -1 };
    if (known === undefined) this.#forgetOldest();
    else this.#columns.delete(key);
    this.#columns.set(key, column);
    this.#refresh(column);
    return column.values;
  }

  #forgetOldest(): void {
    if (this.#columns.size < maxRules) return;
    for (const oldest of this.#columns.keys()) {
      this.#columns.delete(oldest);
      return;
    }
  }

  #refresh(column: RuleColumn): void {
    const end = this.#dropped + this.#changes.length;
    if (column.seen === end) return;
    const room = this.#hosts.columns.state.length;
    if (column.seen < this.#dropped || column.values.length < room) {
      column.values = new Int32Array(room);
      for (let row = 0; row < this.#hosts.rowCount; row += 1) this.#judge(column, row);
    } else {
      for (const row of this.#changes.slice(column.seen - this.#dropped)) this.#judge(column, row);
    }
    column.seen = end;
  }

  #judge({ values, verdict }: RuleColumn, row: number): void {
    const host = this.#hosts.stateOf(row);
    values[row] = host === undefined ? 0 : verdict(host);
  }
}
