/** What a play may do at most. Big ones are seen to do a fiftieth of it. */
export interface Bounds {
  /** Events within one virtual millisecond. */
  readonly standing: number;
  /** Looks at a clock, and calls to the store, between two events: whatever goes on must do one of them. */
  readonly asked: number;
  /** Events of a whole play. */
  readonly events: number;
}

const bounds: Bounds = { standing: 50_000, asked: 200_000, events: 3_000_000 };
/** So many of the last steps before a bound are told by whoever takes them. */
const told = 200;

/**
 * Sees to it that a play ends: what goes on without virtual time passing, or for ever, would else be a play
 * that hangs and says nothing. `bite` hears once what spins. A loop of promises never lets the next event
 * fire: it is ended by `hasBitten`, after which the world answers nothing any more, and one that waits for
 * nothing by an error.
 */
export class Watchdog {
  readonly #bite: (error: Error) => void;
  readonly #bounds: Bounds;
  #hasBitten = false;
  #events = 0;
  #standing = 0;
  #sinceMs = 0;
  #asked = 0;
  #culprits = new Map<string, number>();

  constructor(bite: (error: Error) => void, limits: Partial<Bounds> = {}) {
    this.#bite = bite;
    this.#bounds = { ...bounds, ...limits };
  }

  get hasBitten(): boolean {
    return this.#hasBitten;
  }

  /** An event fires. */
  fired(atMs: number): void {
    this.#events += 1;
    this.#asked = 0;
    if (atMs - this.#sinceMs >= 1) [this.#sinceMs, this.#standing] = [atMs, 0];
    this.#standing += 1;
    const { standing, events } = this.#bounds;
    if (this.#standing > standing) this.#say(`time stands still: ${standing} events in a millisecond`);
    else if (this.#events > events) this.#say(`the play does not end: ${events} events`);
  }

  /** Something is to happen later. */
  scheduled(): void {
    const { standing, events } = this.#bounds;
    if (this.#standing > standing - told || this.#events > events - told) this.#suspect();
  }

  /** A process looks at a clock or calls the store. */
  asked(): void {
    this.#asked += 1;
    const { asked } = this.#bounds;
    if (this.#asked <= asked - told) return;
    if (this.#asked <= asked) this.#suspect();
    else if (!this.#hasBitten) this.#say(`time stands still: ${asked} questions between two events`);
    else if (this.#asked > 2 * asked) throw new Error("something spins, and nothing it asks is answered");
  }

  #say(what: string): void {
    if (this.#hasBitten) return;
    this.#hasBitten = true;
    const most = [...this.#culprits].toSorted(([, a], [, b]) => b - a).slice(0, 5);
    this.#bite(new Error(`${what}; the last were by ${most.map(([who]) => who).join(", ")}`));
  }

  #suspect(): void {
    const { stack = "" } = new Error("who");
    const who = callerIn(stack);
    this.#culprits.set(who, (this.#culprits.get(who) ?? 0) + 1);
  }
}

/** Through these all calls go. */
const doors = /^src\/(runtime\/|testing\/world\/(watchdog|sim-clock|sim-store|process|stand-in-clock)\.ts)/;

/** Who called, and who called that. */
function callerIn(stack: string): string {
  const places = [...stack.matchAll(/\b(src\/[^\s:]+:\d+)/g)].map(([, place = ""]) => place);
  const callers = places.filter((place) => !doors.test(place));
  return callers.slice(0, 2).join(" < ");
}
