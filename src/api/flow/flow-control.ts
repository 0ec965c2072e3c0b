import type { Clock } from "../../runtime/clock.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import { FairSeats, type SeatLimits, type Ticket } from "./fair-seats.ts";
import type { Flow, FlowClass } from "./flow-class.ts";

export type FlowLimits = Readonly<Record<FlowClass, SeatLimits>>;

/** A request that has been let in, or waits for it. */
export interface Admitted extends Ticket {
  /** Says how many objects it answered with: as many are expected of the next one like it. */
  learn(objects: number): void;
}

/**
 * Writes wait for the disk together, so many of them are quick; more than one disk write's worth gains
 * nothing. A list takes a seat for every 500 objects. Watches stay, so none of them waits for another.
 */
export const defaultLimits: FlowLimits = {
  system: { seats: 32, seatsEach: 24, queued: 128, waitMs: 1000 },
  writes: { seats: 128, seatsEach: 96, queued: 512, waitMs: 1000 },
  reads: { seats: 256, seatsEach: 192, queued: 512, waitMs: 1000 },
  lists: { seats: 32, seatsEach: 24, queued: 128, waitMs: 1000 },
  watches: { seats: 2048, seatsEach: 1536, queued: 0, waitMs: 0 },
};

const objectsPerSeat = 500;
const rememberedSizes = 1000;

/**
 * Lets requests in, class by class: what overloads one class leaves the others their seats. Controllers
 * write to the store without coming by here; so few writes are let in at once that theirs are in the next
 * disk write or the one after.
 */
export class FlowControl {
  readonly #seats: Readonly<Record<FlowClass, FairSeats>>;
  /** How many objects the collections had that had many. */
  readonly #sizes = new Map<string, number>();

  constructor(limits: FlowLimits, clock: Clock, metrics: Metrics) {
    const seatsFor = (name: FlowClass): FairSeats => new FairSeats(name, limits[name], clock);
    this.#seats = {
      system: seatsFor("system"),
      writes: seatsFor("writes"),
      reads: seatsFor("reads"),
      lists: seatsFor("lists"),
      watches: seatsFor("watches"),
    };
    this.#show(metrics);
  }

  /** Throws `TooManyRequests`, or lets the request in or wait. */
  enter(user: string, flow: Flow): Admitted {
    const { turn, leave } = this.#seats[flow.flowClass].take(user, this.#weightOf(flow));
    return { turn, leave, learn: (objects) => this.#learn(flow, objects) };
  }

  #weightOf({ collection, limit }: Flow): number {
    if (collection === undefined) return 1;
    return 1 + Math.floor(Math.min(limit, this.#sizes.get(collection) ?? 0) / objectsPerSeat);
  }

  #learn({ collection, whole }: Flow, objects: number): void {
    if (collection === undefined || !whole) return;
    this.#sizes.delete(collection);
    if (objects < objectsPerSeat) return;
    this.#sizes.set(collection, objects);
    const [oldest] = this.#sizes.keys();
    if (this.#sizes.size > rememberedSizes && oldest !== undefined) this.#sizes.delete(oldest);
  }

  #show(metrics: Metrics): void {
    const show = (name: string, help: string, read: (seats: FairSeats) => number): void => {
      for (const [flowClass, seats] of Object.entries(this.#seats)) {
        metrics.watchedGauge({ name, help }, { class: flowClass }, () => read(seats));
      }
    };
    show("ostler_api_current_requests", "Seats taken by requests being served.", ({ taken }) => taken);
    show("ostler_api_queued_requests", "Requests waiting for a seat.", ({ queued }) => queued);
    const refused = { name: "ostler_api_rejected_requests_total", help: "Requests answered with 429." };
    metrics.watchedFamily({ ...refused, type: "counter", label: "class" }, () =>
      Object.entries(this.#seats).map(([flowClass, seats]) => [flowClass, seats.refused] as const),
    );
  }
}
