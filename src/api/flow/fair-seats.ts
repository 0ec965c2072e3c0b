import type { Clock, Timer } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import { Pace } from "./pace.ts";

/** How much of one class of requests may go on at once, and how much may wait for it. */
export interface SeatLimits {
  readonly seats: number;
  /** How many seats one user may hold: whoever is slow leaves some to the others. */
  readonly seatsEach: number;
  /** How many requests may wait, of all users. */
  readonly queued: number;
  /** How long one may wait, in milliseconds; who would probably wait half of it is refused at once. */
  readonly waitMs: number;
}

/** A place among those who are served or wait. */
export interface Ticket {
  /** Resolves when it is its turn; rejects with `TooManyRequests`. Undefined: it is its turn already. */
  readonly turn: Promise<void> | undefined;
  /** Gives the seats back, or gives up waiting. Idempotent. */
  leave(): void;
}

interface Waiting {
  readonly user: string;
  readonly weight: number;
  readonly timer: Timer;
  readonly admit: () => void;
  readonly refuse: (error: StatusError | undefined) => void;
}

/** When those who are refused are to come back, one after another: not all at once. */
const retryAfterSeconds = [1, 2, 3] as const;

/** How much of the time that one may wait is foreseen: who is let wait is to be served, not refused later. */
const foreseen = 0.5;

/**
 * Seats that users take in turn. A request that finds none waits; users who wait are served one after
 * another, however many requests each of them has waiting. When too many wait, the one that came last of
 * whoever has most of them is refused: one user's flood is refused before another's first request.
 */
export class FairSeats {
  /** The same for many: one who is refused costs little. */
  readonly #refusals: readonly StatusError[];
  readonly #limits: SeatLimits;
  readonly #clock: Clock;
  /** Seats by user. */
  readonly #held = new Map<string, number>();
  /** Users in the order of their turns, each with its requests in the order of their coming. */
  readonly #waiting = new Map<string, Set<Waiting>>();
  #taken = 0;
  #queued = 0;
  #refused = 0;
  /** While anybody waits. */
  readonly #pace = new Pace();

  /** `name` is what the seats are for, in words that a refusal can use. */
  constructor(name: string, limits: SeatLimits, clock: Clock) {
    const message = `too many ${name} at once; try again later`;
    this.#refusals = retryAfterSeconds.map(
      (seconds) => new StatusError("TooManyRequests", message, { retryAfterSeconds: seconds }),
    );
    this.#limits = limits;
    this.#clock = clock;
  }

  get taken(): number {
    return this.#taken;
  }

  get queued(): number {
    return this.#queued;
  }

  /** How many were refused so far. */
  get refused(): number {
    return this.#refused;
  }

  /** Takes `weight` seats, or as many as one user may hold. Throws `TooManyRequests`. */
  take(user: string, weight = 1): Ticket {
    const wanted = Math.max(1, Math.min(weight, this.#limits.seatsEach));
    if (this.#queued === 0 && this.#fits(user, wanted)) {
      this.#hold(user, wanted);
      return { turn: undefined, leave: once(() => this.#free(user, wanted)) };
    }
    this.#makeRoomFor(user);
    return this.#enqueue(user, wanted);
  }

  #enqueue(user: string, weight: number): Ticket {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let seated = false;
    const admit = (): void => {
      seated = true;
      this.#hold(user, weight);
      resolve();
    };
    const timer = this.#clock.after(this.#limits.waitMs, () => this.#refuse(waiting));
    const waiting: Waiting = { user, weight, timer, admit, refuse: reject };
    const own = this.#waiting.get(user) ?? new Set();
    this.#waiting.set(user, own.add(waiting));
    if (this.#queued === 0) this.#pace.begin(this.#clock.monotonic());
    this.#queued += 1;
    this.#serve();
    const leave = (): void => {
      if (seated) {
        this.#free(user, weight);
      } else {
        this.#remove(waiting);
        reject(this.#refusals[0]);
      }
    };
    return { turn: seated ? undefined : promise, leave: once(leave) };
  }

  #fits(user: string, weight: number): boolean {
    const { seats, seatsEach } = this.#limits;
    return this.#taken + weight <= seats && (this.#held.get(user) ?? 0) + weight <= seatsEach;
  }

  #hold(user: string, weight: number): void {
    this.#taken += weight;
    this.#held.set(user, (this.#held.get(user) ?? 0) + weight);
  }

  #free(user: string, weight: number): void {
    this.#taken -= weight;
    const left = (this.#held.get(user) ?? 0) - weight;
    if (left > 0) this.#held.set(user, left);
    else this.#held.delete(user);
    this.#serve();
  }

  /** Whoever is served goes to the end of the line, where the loop may meet it again. */
  #serve(): void {
    for (const [user, own] of this.#waiting) {
      const [next] = own;
      if (next === undefined || this.#taken + next.weight > this.#limits.seats) return;
      if (!this.#fits(user, next.weight)) continue;
      this.#pace.turn(this.#clock.monotonic());
      this.#remove(next);
      next.admit();
      if (this.#waiting.delete(user)) this.#waiting.set(user, own);
    }
  }

  /** Whether as many wait as may, or as can have their turns in time. */
  #isFull(): boolean {
    const { queued, waitMs } = this.#limits;
    if (this.#queued >= queued) return true;
    const turnMs = this.#queued === 0 ? 0 : this.#pace.turnMs(this.#clock.monotonic(), this.#taken);
    return this.#queued * turnMs > waitMs * foreseen;
  }

  #remove(waiting: Waiting): void {
    const own = this.#waiting.get(waiting.user);
    if (own?.delete(waiting) !== true) return;
    waiting.timer.cancel();
    this.#queued -= 1;
    if (own.size === 0) this.#waiting.delete(waiting.user);
  }

  #makeRoomFor(user: string): void {
    if (!this.#isFull()) return;
    let longest = this.#waiting.get(user) ?? new Set<Waiting>();
    const own = longest.size;
    for (const some of this.#waiting.values()) if (some.size > longest.size) longest = some;
    const last = longest.size > own + 1 ? [...longest].at(-1) : undefined;
    if (last === undefined) throw this.#nextRefusal();
    this.#refuse(last);
  }

  #refuse(waiting: Waiting): void {
    this.#remove(waiting);
    waiting.refuse(this.#nextRefusal());
    this.#serve();
  }

  #nextRefusal(): StatusError | undefined {
    const refusal = this.#refusals[this.#refused % this.#refusals.length];
    this.#refused += 1;
    return refusal;
  }
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
