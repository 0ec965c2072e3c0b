import { formatTime } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";

/** Who is at a console, and since when (milliseconds since the epoch). */
export interface Viewer {
  readonly userName: string;
  readonly since: number;
}

interface Place {
  readonly viewer: Viewer;
  readonly evict: (reason: Error) => void;
  readonly left: Promise<void>;
}

export interface TakeOptions {
  /** The machine's, and what it is called in messages. */
  readonly uid: string;
  readonly label: string;
  readonly viewer: Viewer;
  readonly force: boolean;
}

/** A place at a console; `signal` is aborted when it is taken away. */
export interface TakenPlace extends Disposable {
  readonly signal: AbortSignal;
}

/** One viewer at each console, and so many in all. */
export class ConsolePlaces {
  readonly #limit: number;
  readonly #places = new Map<string, Place>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#places.size;
  }

  /**
   * Throws `Conflict` when somebody is there and `force` is not set, `TooManyRequests` when there are too
   * many in all. By force the other is sent away first.
   */
  async take({ uid, label, viewer, force }: TakeOptions): Promise<TakenPlace> {
    for (let there = this.#places.get(uid); there !== undefined; there = this.#places.get(uid)) {
      if (!force) throw inUse(label, there.viewer);
      there.evict(new StatusError("Conflict", `${viewer.userName} took the console of ${label} over`));
      await there.left;
    }
    if (this.#places.size >= this.#limit) {
      const message = `${this.#limit} consoles are open, and more are not allowed; try again later`;
      throw new StatusError("TooManyRequests", message, { retryAfterSeconds: 10 });
    }
    return this.#enter(uid, viewer);
  }

  #enter(uid: string, viewer: Viewer): TakenPlace {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const evicted = new AbortController();
    this.#places.set(uid, { viewer, left, evict: (reason) => evicted.abort(reason) });
    return {
      signal: evicted.signal,
      [Symbol.dispose]: () => {
        this.#places.delete(uid);
        resolve();
      },
    };
  }
}

function inUse(label: string, { userName, since }: Viewer): StatusError {
  const who = `${userName} since ${formatTime(since)}`;
  return new StatusError("Conflict", `the console of ${label} is in use by ${who}; take it over by force`);
}
