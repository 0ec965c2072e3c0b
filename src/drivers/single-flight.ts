import { orAborted } from "../runtime/abort.ts";

interface Flight {
  readonly done: Promise<void>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * Work that several callers want done once: who comes while it runs waits for the same run. Each waits no
 * longer than its own signal; the work is aborted when nobody waits any more.
 */
export class SingleFlight {
  readonly #flights = new Map<string, Flight>();

  /** Rejects with the work's error, or with the signal's reason when that aborts first. */
  async run(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    signal.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, work);
    flight.waiting += 1;
    try {
      await orAborted(flight.done, signal);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) this.#stop(key, flight, signal.reason);
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<void>): Flight {
    const stop = new AbortController();
    const flight: Flight = { done: work(stop.signal), stop, waiting: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  /** A newcomer must not join work that is being given up. */
  #stop(key: string, flight: Flight, reason: unknown): void {
    flight.stop.abort(reason);
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
