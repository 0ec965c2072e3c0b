import type { FaultLedger } from "./fault-ledger.ts";
import type { SimClock } from "./sim-clock.ts";
import type { Stream } from "./stream.ts";

/** The way of messages between named places, in each direction for itself. */
export class Network {
  readonly #time: SimClock;
  readonly #stream: Stream;
  readonly #faults: FaultLedger;
  readonly #cuts = new Set<string>();
  readonly #slow = new Map<string, number>();
  readonly #watchers = new Set<() => void>();
  readonly #baseMs: number;

  constructor(time: SimClock, stream: Stream, faults: FaultLedger, baseMs: number) {
    this.#time = time;
    this.#stream = stream;
    this.#faults = faults;
    this.#baseMs = baseMs;
  }

  /** Nothing gets from one place to the other any more; `*` is every place. */
  cut(from: string, to: string): void {
    this.#cuts.add(`${from}>${to}`);
    this.#changed();
  }

  heal(from: string, to: string): void {
    this.#cuts.delete(`${from}>${to}`);
    this.#changed();
  }

  healAll(): void {
    this.#cuts.clear();
    this.#slow.clear();
    this.#changed();
  }

  isCut(from: string, to: string): boolean {
    const cuts = this.#cuts;
    if (cuts.size === 0) return false;
    return cuts.has(`${from}>${to}`) || cuts.has(`*>${to}`) || cuts.has(`${from}>*`);
  }

  /** How much longer everything to and from this place takes. */
  slow(place: string, extraMs: number): void {
    if (extraMs === 0) this.#slow.delete(place);
    else this.#slow.set(place, extraMs);
  }

  /** Called after every change of what is cut. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Lets a message travel. It may be lost, and it may be so late that nobody waits for it any more. */
  send(from: string, to: string, what: string, arrive: () => void): void {
    if (this.isCut(from, to)) return;
    const stream = this.#stream;
    if (this.#faults.strikes("F2", stream, 0.002, `lost: ${what} ${from}>${to}`)) return;
    const late = this.#faults.strikes("F2", stream, 0.002, `late: ${what} ${from}>${to}`);
    const extraMs = (this.#slow.get(from) ?? 0) + (this.#slow.get(to) ?? 0);
    const delayMs = late ? stream.between(31_000, 90_000) : this.#baseMs * stream.next() + extraMs;
    const deliver = (): void => {
      if (!this.isCut(from, to)) arrive();
    };
    this.#time.schedule(delayMs, deliver);
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
