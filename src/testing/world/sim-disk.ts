import type { Clock } from "../../runtime/clock.ts";
import { type Journal, JournaledLog } from "../../store/journaled-log.ts";
import type { LogEvent, LogRecord } from "../../store/log.ts";
import { emptyState } from "../../store/memory-log.ts";

/** What the next write of the disk comes to. */
export type DiskFault =
  /** Nothing is written, and nothing is from then on. */
  | "full"
  /** It is written, but the disk says that it is not sure. */
  | "fsync error"
  /** It is written for good, and the machine loses its power before anybody is told. */
  | "power loss after fsync"
  /** It is written, but not for good, when the machine loses its power. */
  | "power loss before fsync"
  /** The machine loses its power in the middle: what is half there does not count. */
  | "torn";

export interface DiskWitness {
  /** Called with what has just become durable, before anybody is told of it. */
  durable(events: readonly LogEvent[]): void;
}

/**
 * The disk below a store: what was synced survives everything, what was only written survives the death of
 * the process and not that of the machine.
 */
export class SimDisk {
  readonly #witness: DiskWitness;
  #events: LogEvent[] = [];
  #start = 0;
  readonly #records = new Map<string, LogRecord>();
  /** Up to here it was synced. */
  #synced = 0;
  #generation = 0;
  #fault: DiskFault | undefined;
  #isFull = false;
  /** How long a sync takes. */
  syncMs = 1;
  /** Called when the machine loses its power by a fault of the disk. */
  onDeath: () => void = () => {};

  constructor(witness: DiskWitness) {
    this.#witness = witness;
  }

  get revision(): number {
    return this.#start + this.#events.length;
  }

  get synced(): number {
    return this.#synced;
  }

  /** What was written at this revision; undefined for a deletion, and for what is compacted away. */
  valueAt(revision: number): string | undefined {
    return this.#events[revision - this.#start - 1]?.current?.value;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** What is there now. */
  get records(): Iterable<LogRecord> {
    return this.#records.values();
  }

  /** The next write meets this. */
  strike(fault: DiskFault): void {
    this.#fault = fault;
  }

  /** Somebody has made room. */
  mend(): void {
    this.#fault = undefined;
    this.#isFull = false;
    this.syncMs = 1;
  }

  /** The machine has lost its power: what was not synced is gone. */
  losePower(): void {
    for (const { key, previous } of this.#events.splice(this.#synced - this.#start).reverse()) {
      if (previous === undefined) this.#records.delete(key);
      else this.#records.set(key, previous);
    }
  }

  /** The newest writes are gone, durable or not: what somebody does who brings back an old copy. */
  rewind(count: number): void {
    this.#synced = Math.max(this.#start, this.revision - count);
    this.losePower();
  }

  /** Opens what is there; whoever had it open before can write no more. */
  open(clock: Clock, wrap: (journal: Journal) => Journal = (journal) => journal): JournaledLog {
    this.#generation += 1;
    const generation = this.#generation;
    const check = (): void => {
      if (generation !== this.#generation) throw new Error("another process has the store");
    };
    const journal: Journal = {
      append: (events) => {
        check();
        this.#append(events);
      },
      sync: async () => {
        await clock.sleep(this.syncMs);
        check();
        this.#sync();
      },
      read: (since, until, limit) =>
        this.#events.slice(since - this.#start, Math.min(since + limit, until) - this.#start),
      compact: (_from, to) => {
        check();
        if (this.#isFull) throw new Error("disk full");
        this.#events = this.#events.slice(to - this.#start);
        this.#start = to;
      },
      close: () => {},
    };
    this.#harden();
    const { revision } = this;
    const state = { ...emptyState, records: [...this.#records.values()], revision };
    return new JournaledLog(wrap(journal), { ...state, compactedRevision: this.#start }, clock);
  }

  #append(events: readonly LogEvent[]): void {
    const fault = this.#fault;
    if (fault === "full") this.#isFull = true;
    if (this.#isFull) throw new Error("disk full");
    if (fault === "torn") this.#die();
    this.#events.push(...events);
    for (const { key, current } of events) {
      if (current === undefined) this.#records.delete(key);
      else this.#records.set(key, current);
    }
    if (fault === "power loss before fsync") this.#die();
  }

  #sync(): void {
    if (this.#fault === "fsync error") {
      this.#isFull = true;
      throw new Error("fsync failed");
    }
    this.#harden();
    if (this.#fault === "power loss after fsync") this.#die();
  }

  #harden(): void {
    const events = this.#events.slice(this.#synced - this.#start);
    this.#synced = this.revision;
    if (events.length > 0) this.#witness.durable(events);
  }

  #die(): never {
    this.#fault = undefined;
    this.losePower();
    this.onDeath();
    throw new Error("the machine lost its power");
  }
}
