import { fnv1a } from "../../runtime/hash.ts";
import { SeededRandom } from "../seeded-random.ts";

/** A stream of random numbers with the usual ways to draw from it. */
export class Stream extends SeededRandom {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A number from `low` to just below `high`. */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }
}

/**
 * The stream of one part of one play: a new draw in one part moves no other part, and what step 7 draws does
 * not depend on whether step 6 was played.
 */
export function streamOf(seed: number, part: string): Stream {
  return new Stream(Number.parseInt(fnv1a(`${seed}/${part}`).slice(8), 16));
}
