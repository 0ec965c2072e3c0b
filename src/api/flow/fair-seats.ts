import type { Clock, Timer } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";

/** How much of one class of requests may go on at once, and how much may wait for it. */
export interface SeatLimits {
  readonly seats: number;
  /** How many seats one user may hold: whoever is slow leaves some to the others. */
  readonly seatsEach: number;
  /** How many requests may wait, of all users. */
  readonly queued: number;
  /** How long one may wait, in milliseconds; who would have to wait longer is refused at once. */
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
  readonly refuse: (error: StatusError) => void;
}

const retryAfterSeconds = 1;

/** How much the last turn says about how long the next ones will take. */
const newest = 0.1;

/**
 * Seats that users take in turn. A request that finds none waits; users who wait are served one after
 * another, however many requests each of them has waiting. When too many wait, the one that came last of
 * whoever has most of them is refused: one user's flood is refused before another's first request.
 */
export class FairSeats {
  readonly #name: string;
  readonly #limits: SeatLimits;
  readonly #clock: Clock;
  /** Seats by user. */
  readonly #held = new Map<string, number>();
  /** Users in the order of their turns, each with its requests in the order of their coming. */
  readonly #waiting = new Map<string, Set<Waiting>>();
  #taken = 0;
  #queued = 0;
  #refused = 0;
  /** When a waiting request had its turn last, and how long the turns take, about, while anybody waits. */
  #turnAtMs = 0;
  #turnMs = 0;

  /** `name` is what the seats are for, in words that a refusal can use. */
  constructor(name: string, limits: SeatLimits, clock: Clock) {
    this.#name = name;
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
    if (this.#queued === 0) this.#turnAtMs = this.#clock.monotonic();
    this.#queued += 1;
    this.#serve();
    const leave = (): void => {
      if (seated) {
        this.#free(user, weight);
      } else {
        this.#remove(waiting);
        reject(this.#tooMany());
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
      this.#noteTurn();
      this.#remove(next);
      next.admit();
      if (this.#waiting.delete(user)) this.#waiting.set(user, own);
    }
  }

  #noteTurn(): void {
    const now = this.#clock.monotonic();
    this.#turnMs += newest * (now - this.#turnAtMs - this.#turnMs);
    this.#turnAtMs = now;
  }

  /** Whether as many wait as may, or as can have their turns in time. */
  #isFull(): boolean {
    const { queued, waitMs } = this.#limits;
    return this.#queued >= queued || this.#queued * this.#turnMs > waitMs;
  }

  #remove(waiting: Waiting): void {
    const own = this.#waiting.get(waiting.user);
    if (own?.delete(waiting) !== true) return;
    waiting.timer.cancel();
    this.#queued -= 1;
    if (this.#queued === 0) this.#turnMs = 0;
    if (own.size === 0) this.#waiting.delete(waiting.user);
  }

  #makeRoomFor(user: string): void {
    if (!this.#isFull()) return;
    const [longest = new Set<Waiting>()] = [...this.#waiting.values()].sort((a, b) => b.size - a.size);
    const last = [...longest].at(-1);
    if (last === undefined || longest.size <= (this.#waiting.get(user)?.size ?? 0) + 1) {
      this.#refused += 1;
      throw this.#tooMany();
    }
    this.#refuse(last);
  }

  #refuse(waiting: Waiting): void {
    this.#refused += 1;
    this.#remove(waiting);
    waiting.refuse(this.#tooMany());
    this.#serve();
  }

  #tooMany(): StatusError {
    return new StatusError("TooManyRequests", `too many ${this.#name} at once; try again later`, {
      retryAfterSeconds,
    });
  }
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
