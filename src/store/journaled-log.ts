import type { Clock } from "../runtime/clock.ts";
import { messageOf, StatusError } from "../runtime/errors.ts";
import type { CommitResult, Log, LogEvent, LogRecord, LogWrite, Range, RangeOptions } from "./log.ts";
import { PastState } from "./past-state.ts";
import { SortedKeys } from "./sorted-keys.ts";

/** Where a log keeps its history. Every call either takes effect as a whole or throws. */
export interface Journal {
  /** Writes the events in one transaction, which outlives the machine only after the next `sync`. */
  append(events: readonly LogEvent[]): void;
  /** Makes what was appended before durable. */
  sync(): Promise<void>;
  /** The oldest `limit` events after revision `since`, up to revision `until`. */
  read(since: number, until: number, limit: number): readonly LogEvent[];
  /** Forgets what was superseded or deleted by the revisions in (`from`, `to`]. */
  compact(from: number, to: number): void;
  close(): void;
}

/** What a journal held when it was opened. */
export interface JournalState {
  readonly incarnation: string;
  readonly records: Iterable<LogRecord>;
  readonly revision: number;
  readonly compactedRevision: number;
}

interface Pending {
  readonly event: LogEvent | undefined;
  readonly result: CommitResult;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: StatusError) => void;
}

interface Subscriber {
  readonly listener: (events: readonly LogEvent[]) => void;
}

/** The most revisions that one transaction writes, or one step of reading or compacting handles. */
const stepLimit = 500;

/** How many writers hear of their write in one turn: each goes on at once, and answers a client. */
const turnLimit = 64;

/** How many records of a range are read in one turn: a small part of a millisecond. */
const rangeStep = 512;

/**
 * A Log whose current state is in memory and whose history is in a journal. Writes are decided at once
 * against the state as it will be when all earlier writes are durable; what came in while the disk was busy,
 * or in one turn of the event loop, then shares one transaction, and only when that is durable do the writes
 * show, resolve and reach subscribers, a few in each turn. Other work goes on while the disk is waited for.
 */
export class JournaledLog implements Log {
  readonly incarnation: string;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #records = new Map<string, LogRecord>();
  readonly #keys = new SortedKeys();
  readonly #subscribers = new Set<Subscriber>();
  /** Who reads a state that writes from now on must not change. */
  readonly #readers = new Set<PastState>();
  #revision: number;
  #compactedRevision: number;

  /** The last revision given out, and the newest write of each key, that are not durable yet. */
  #head: number;
  readonly #ahead = new Map<string, LogEvent>();
  #queue: Pending[] = [];
  #flushing: Promise<void> | undefined;
  #failure: StatusError | undefined;
  #closed = false;

  constructor(journal: Journal, state: JournalState, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
    this.incarnation = state.incarnation;
    this.#revision = state.revision;
    this.#head = state.revision;
    this.#compactedRevision = state.compactedRevision;
    for (const record of state.records) {
      this.#records.set(record.key, record);
      this.#keys.add(record.key);
    }
  }

  commit(write: LogWrite): Promise<CommitResult> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const { key, value } = write;
    const ahead = this.#ahead.get(key);
    const current = ahead === undefined ? this.#records.get(key) : ahead.current;
    if ((current?.revision ?? 0) !== write.expected || (current ?? value) === undefined) {
      const result = { applied: false, current } as const;
      return ahead === undefined ? Promise.resolve(result) : this.#enqueue(undefined, result);
    }
    this.#head += 1;
    const revision = this.#head;
    const createRevision = current?.createRevision ?? revision;
    const record = value === undefined ? undefined : { key, value, revision, createRevision };
    if (record !== undefined) write.foreseen?.(record);
    const event = { key, revision, current: record, previous: current };
    this.#ahead.set(key, event);
    return this.#enqueue(event, { applied: true, current: record, revision });
  }

  async get(key: string): Promise<LogRecord | undefined> {
    return this.#records.get(key);
  }

  /** A long range is read in steps, between which others go on; they do not change what it finds. */
  async range(options: RangeOptions): Promise<Range> {
    const { prefix, after = "", limit = Number.POSITIVE_INFINITY, revision = this.#revision } = options;
    const state = new PastState(prefix);
    const undo = (events: readonly LogEvent[]): void => {
      for (const event of events) state.undo(event);
    };
    const keys = await this.#replay(revision, undo, () => {
      this.#readers.add(state);
      return state.keys(this.#keys, { after, limit });
    });
    const records: LogRecord[] = [];
    for (const [n, key] of keys.entries()) {
      if (n % rangeStep === rangeStep - 1) await this.#clock.yield();
      const record = state.record(key, this.#records.get(key));
      if (record !== undefined) records.push(record);
      if (records.length === limit) break;
    }
    this.#readers.delete(state);
    const last = records.length < limit ? undefined : records.at(-1)?.key;
    return { records, revision, remaining: last === undefined ? 0 : state.countAfter(last, this.#keys) };
  }

  async subscribe(since: number, listener: (events: readonly LogEvent[]) => void): Promise<() => void> {
    return this.#replay(since, listener, () => {
      const subscriber = { listener };
      this.#subscribers.add(subscriber);
      return () => this.#subscribers.delete(subscriber);
    });
  }

  async compact(revision: number): Promise<void> {
    if (revision > this.#revision) throw fromTheFuture(revision, this.#revision);
    while (this.#compactedRevision < revision) {
      if (this.#failure !== undefined) throw this.#failure;
      const from = this.#compactedRevision;
      const to = Math.min(from + stepLimit, revision);
      try {
        this.#journal.compact(from, to);
        // Before anybody else gets a turn: what is gone must not be read as if nothing had been there.
        this.#compactedRevision = to;
        await this.#journal.sync();
      } catch (error) {
        throw this.#fail(error, []);
      }
      await this.#clock.yield();
    }
  }

  revision(): number {
    return this.#revision;
  }

  compactedRevision(): number {
    return this.#compactedRevision;
  }

  failure(): StatusError | undefined {
    return this.#failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#failure ??= new StatusError("ServiceUnavailable", "store is closed");
    await this.#flushing;
    this.#subscribers.clear();
    this.#journal.close();
  }

  #enqueue(event: LogEvent | undefined, result: CommitResult): Promise<CommitResult> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ event, result, resolve, reject });
      this.#flushing ??= this.#flushAll();
    });
  }

  async #flushAll(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#clock.yield();
      await this.#flush(this.#queue.splice(0, stepLimit));
    }
    this.#flushing = undefined;
  }

  async #flush(batch: readonly Pending[]): Promise<void> {
    const events = batch.flatMap((pending) => pending.event ?? []);
    try {
      if (events.length > 0) {
        this.#journal.append(events);
        await this.#journal.sync();
      }
    } catch (error) {
      this.#fail(error, batch);
      return;
    }
    for (let at = 0; at < batch.length; at += turnLimit) {
      if (at > 0) await this.#clock.yield();
      this.#settle(batch.slice(at, at + turnLimit));
    }
  }

  #settle(durable: readonly Pending[]): void {
    const events = durable.flatMap((pending) => pending.event ?? []);
    for (const event of events) this.#apply(event);
    for (const { resolve, result } of durable) resolve(result);
    if (events.length > 0) this.#publish(events);
  }

  #apply(event: LogEvent): void {
    const { key, revision, current } = event;
    if (current === undefined) {
      this.#records.delete(key);
      this.#keys.delete(key);
    } else {
      this.#records.set(key, current);
      if (event.previous === undefined) this.#keys.add(key);
    }
    this.#revision = revision;
    for (const reader of this.#readers) reader.undo(event);
    if (this.#ahead.get(key) === event) this.#ahead.delete(key);
  }

  /** Not to those who join while this runs: they have seen these events as history. */
  #publish(events: readonly LogEvent[]): void {
    for (const subscriber of [...this.#subscribers]) {
      if (this.#subscribers.has(subscriber)) subscriber.listener(events);
    }
  }

  /** From here on nothing is written: what memory expected and what the disk holds may differ. */
  #fail(cause: unknown, batch: readonly Pending[]): StatusError {
    const message = `store is read-only: ${messageOf(cause)}; mend the disk and start again`;
    const failure = new StatusError("ServiceUnavailable", message, { cause });
    const lost = [...batch, ...this.#queue];
    this.#failure = failure;
    this.#queue = [];
    for (const { reject } of lost) reject(failure);
    return failure;
  }

  /** Visits all events after `since` in order; calls `done` in the very moment when there are no more. */
  async #replay<T>(since: number, visit: (events: readonly LogEvent[]) => void, done: () => T): Promise<T> {
    this.#checkRevision(since);
    let position = since;
    while (position < this.#revision) {
      const events = this.#read(position);
      position = events.at(-1)?.revision ?? this.#revision;
      visit(events);
      if (position === this.#revision) break;
      await this.#clock.yield();
      this.#checkRevision(position);
    }
    return done();
  }

  #read(since: number): readonly LogEvent[] {
    try {
      return this.#journal.read(since, this.#revision, stepLimit);
    } catch (error) {
      const message = `store cannot read its history: ${messageOf(error)}`;
      throw new StatusError("ServiceUnavailable", message, { cause: error });
    }
  }

  #checkRevision(revision: number): void {
    if (revision > this.#revision) throw fromTheFuture(revision, this.#revision);
    if (revision >= this.#compactedRevision) return;
    const message = `too old resource version: ${revision} (${this.#compactedRevision}); list again`;
    throw new StatusError("Expired", message);
  }
}

function fromTheFuture(revision: number, newest: number): StatusError {
  const message = `resource version ${revision} was never reached: the store is at ${newest}; list again`;
  return new StatusError("Expired", message);
}
