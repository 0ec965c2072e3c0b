import type { LogEvent } from "../../store/log.ts";
import type { Complain } from "./audit.ts";

/** One durable state of a key. */
interface State {
  readonly revision: number;
  /** Of the state before; 0: there was none. */
  readonly previous: number;
  readonly exists: boolean;
}

/** A read or a write that is under way: what was known to everybody when it began. */
export interface Call {
  readonly key: string;
  readonly floor: number;
}

/** More states of a key than can be written while one call is under way. */
const kept = 64;

/**
 * D3 and D4: what watches tell and reads answer, compared with what is durable. A key is a register whose
 * states have a known order, so its history is linearizable exactly when no read answers with a state from
 * before what was known when it began, or with one that was never there, and when each write was made over
 * the state that its writer had seen.
 */
export class History {
  readonly #complain: Complain;
  readonly #keys = new Map<string, State[]>();
  /** By key: the newest revision that anybody has been told of. */
  readonly #floors = new Map<string, number>();
  /** By kind, that is by the first two parts of keys: all revisions, ascending. */
  readonly #kinds = new Map<string, number[]>();

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  durable({ key, revision, current, previous }: LogEvent): void {
    const states = entryOf(this.#keys, key);
    if (states.length === 2 * kept) states.splice(0, kept);
    states.push({ revision, previous: previous?.revision ?? 0, exists: current !== undefined });
    entryOf(this.#kinds, kindOf(key)).push(revision);
  }

  /** Of the store nothing after this revision is left; nobody was told of what is lost. */
  truncate(revision: number): void {
    for (const states of this.#keys.values()) dropAfter(states, revision, (state) => state.revision);
    for (const revisions of this.#kinds.values()) dropAfter(revisions, revision, (other) => other);
  }

  /** Somebody has brought back an old copy of the store, which ends there, whatever anybody was told. */
  restored(revision: number): void {
    this.truncate(revision);
    for (const [key, floor] of this.#floors) if (floor > revision) this.#floors.set(key, 0);
  }

  begin(key: string): Call {
    return { key, floor: this.#floors.get(key) ?? 0 };
  }

  /** A read has answered with the state of this revision, or that there is no such object. */
  read({ key, floor }: Call, revision: number | undefined): void {
    const states = this.#keys.get(key) ?? [];
    if (revision === undefined) {
      const gone = absence(states, floor);
      if (gone === undefined) this.#complain("D4", `read of ${key}: not there, and it was since ${floor}`);
      else this.#know(key, gone);
      return;
    }
    if (revision < floor) this.#complain("D4", `read of ${key}: ${revision}, when ${floor} was known`);
    const isKnown = states.some((state) => state.revision === revision && state.exists);
    if (!isKnown && revision > (states[0]?.revision ?? 0))
      this.#complain("D4", `read of ${key}: ${revision}, which was never written`);
    this.#know(key, revision);
  }

  /** A write was acknowledged. `seen`: the revision over which its writer meant to write. */
  wrote({ key, floor }: Call, revision: number | undefined, seen: number | undefined): void {
    const states = this.#keys.get(key) ?? [];
    if (revision === undefined) {
      this.#know(key, absence(states, floor) ?? floor);
      return;
    }
    const state = states.find((other) => other.revision === revision);
    if (seen !== undefined && seen !== revision && state !== undefined && state.previous !== seen)
      this.#complain("D4", `write ${revision} of ${key} over ${state.previous}; its writer had seen ${seen}`);
    this.#know(key, revision);
  }

  /** Follows one watch of a kind from the events after `since` on; from now on when absent. */
  watch(kind: string, since: number | undefined): WatchCheck {
    return new WatchCheck(kind, this.#kinds.get(kind) ?? entryOf(this.#kinds, kind), since, this.#complain);
  }

  /** The newest revision at which something of the kind was written. */
  newest(kind: string): number {
    return this.#kinds.get(kind)?.at(-1) ?? 0;
  }

  #know(key: string, revision: number): void {
    if (revision > (this.#floors.get(key) ?? 0)) this.#floors.set(key, revision);
  }
}

/** D3: each event once, in order, without gap. */
export class WatchCheck {
  readonly #kind: string;
  readonly #revisions: readonly number[];
  readonly #complain: Complain;
  #last: number | undefined;

  constructor(kind: string, revisions: readonly number[], since: number | undefined, complain: Complain) {
    this.#kind = kind;
    this.#revisions = revisions;
    this.#last = since;
    this.#complain = complain;
  }

  event(revision: number): void {
    const at = this.#revisions.lastIndexOf(revision);
    if (at < 0) this.#complain("D3", `watch of ${this.#kind} tells of ${revision}, which is none of it`);
    this.#moveTo(revision, this.#revisions[at - 1] ?? 0);
  }

  /** All up to here has been told. */
  bookmark(revision: number): void {
    const newest = this.#revisions.findLast((other) => other <= revision) ?? 0;
    if (this.#last !== undefined && newest > this.#last)
      this.#complain("D3", `watch of ${this.#kind} marks ${revision} and has left out ${newest}`);
    this.#last = Math.max(this.#last ?? 0, revision);
  }

  #moveTo(revision: number, before: number): void {
    const last = this.#last;
    this.#last = revision;
    if (last === undefined) return;
    if (revision <= last) this.#complain("D3", `watch of ${this.#kind} tells of ${revision} after ${last}`);
    else if (before > last)
      this.#complain("D3", `watch of ${this.#kind} leaves out ${before}, after ${last}`);
  }
}

/** The first two parts of a key. */
function kindOf(key: string): string {
  return key.slice(0, key.indexOf("/", key.indexOf("/", 1) + 1) + 1);
}

/** A revision from `floor` on at which nothing is there; undefined when there is none. */
function absence(states: readonly State[], floor: number): number | undefined {
  const known = states.findLast(({ revision }) => revision <= floor);
  if (known === undefined || !known.exists) return floor;
  return states.find(({ revision, exists }) => revision > floor && !exists)?.revision;
}

function entryOf<T>(map: Map<string, T[]>, key: string): T[] {
  const known = map.get(key);
  if (known !== undefined) return known;
  const entry: T[] = [];
  map.set(key, entry);
  return entry;
}

function dropAfter<T>(items: T[], revision: number, of: (item: T) => number): void {
  while (items.length > 0) {
    const last = items.at(-1);
    if (last === undefined || of(last) <= revision) return;
    items.pop();
  }
}
