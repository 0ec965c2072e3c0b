import type { StatusError } from "../runtime/errors.ts";

/** The state of one key at one revision. Revisions are integers from 1; each commit takes the next one. */
export interface LogRecord {
  readonly key: string;
  readonly value: string;
  /** The revision of the commit that wrote this state. */
  readonly revision: number;
  /** The revision of the commit that created the key. */
  readonly createRevision: number;
}

/**
 * A write to one key, applied only if the key's current revision is `expected` (0: the key does not exist).
 * `value` undefined deletes the key.
 */
export interface LogWrite {
  readonly key: string;
  readonly value: string | undefined;
  readonly expected: number;
  /** Told the record that a write makes, if any, before anybody else has it; it may come to nothing. */
  readonly foreseen?: ((record: LogRecord) => void) | undefined;
}

/**
 * `current` is what is there now: what was written (undefined: deleted), or, if the write was not applied,
 * what stood in its way (undefined: nothing), so that the caller can decide again.
 */
export type CommitResult =
  | { readonly applied: true; readonly current: LogRecord | undefined; readonly revision: number }
  | { readonly applied: false; readonly current: LogRecord | undefined };

/** One committed change: the states after (undefined: deleted) and before (undefined: did not exist). */
export interface LogEvent {
  readonly key: string;
  readonly revision: number;
  readonly current: LogRecord | undefined;
  readonly previous: LogRecord | undefined;
}

export interface Range {
  readonly records: readonly LogRecord[];
  /** The revision the range is true at. */
  readonly revision: number;
  /** How many records come after these, which the limit left out. */
  readonly remaining: number;
}

export interface RangeOptions {
  readonly prefix: string;
  /** Read as of this revision; absent: the newest. `Expired` when compacted or in the future. */
  readonly revision?: number | undefined;
  /** Start after this key (exclusive). */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/**
 * An append-only log of single-key compare-and-set commits under one revision counter: the part of the
 * store that differs between engines. Its shape is the common part of k3s-io/kine's log and of etcd v3
 * (docs/decisions has the mapping), so that either can stand behind it.
 *
 * - `commit` resolves when the write is durable, never before; a write that is not applied resolves when the
 *   state it met is durable. Deleting what does not exist is never applied. Commits of one event-loop turn
 *   may share one transaction. Order of resolution is revision order. After a failed transaction every
 *   pending and later commit is rejected with `ServiceUnavailable`.
 * - `range` and `get` see committed state only. While a state stands, the same record is returned for it.
 * - `subscribe` calls `listener` with what is committed, some events at once, in revision order, starting
 *   with the history after `since` in batches; no gap, no repeat. It resolves when the history has been
 *   delivered. `Expired` when `since` is compacted or in the future.
 * - `compact` forgets history up to and including `revision`; current states stay.
 */
export interface Log extends AsyncDisposable {
  /** Identifies this history: in a store that was begun anew the same revisions mean other things. */
  readonly incarnation: string;
  commit(write: LogWrite): Promise<CommitResult>;
  get(key: string): Promise<LogRecord | undefined>;
  range(options: RangeOptions): Promise<Range>;
  /** Returns a function that ends the subscription. */
  subscribe(since: number, listener: (events: readonly LogEvent[]) => void): Promise<() => void>;
  compact(revision: number): Promise<void>;
  /** The newest committed revision. */
  revision(): number;
  /** Why nothing can be written any more; undefined as long as all is well. */
  failure(): StatusError | undefined;
  /** The oldest revision from which `subscribe` still works. */
  compactedRevision(): number;
}
