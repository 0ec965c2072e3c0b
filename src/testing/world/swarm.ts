import { Worker } from "node:worker_threads";
import type { PlanLimits } from "./plan.ts";
import type { Order, Played } from "./sim-thread.ts";

export interface SwarmOptions {
  readonly from: number;
  readonly seeds: number;
  /** Seeds that are played before those. */
  readonly before?: readonly number[];
  /** How many threads play at once; 1 unless told. */
  readonly workers?: number;
  readonly limits?: PlanLimits;
  readonly mutant?: string;
  /** How long a play may take, in real time: one that never ends must not keep others from being played. */
  readonly hangsAfterMs?: number;
  /** Called with each result as it comes; true: that is enough. */
  readonly onPlayed?: (played: Played) => boolean | undefined;
}

/** Far longer than any play takes on a busy machine. */
const longestPlayMs = 600_000;

/**
 * Plays many seeds, in threads of their own: a test runner watches every promise of the threads that its
 * tests run in, which takes several times as long as the play itself. The results are in order of seed.
 */
export async function playSwarm(options: SwarmOptions): Promise<readonly Played[]> {
  const { workers = 1, limits = {}, mutant, onPlayed, hangsAfterMs = longestPlayMs } = options;
  const results: Played[] = [];
  const seeds = seedsOf(options);
  const work = async (): Promise<void> => {
    await using thread = new SimThread(hangsAfterMs);
    for (const seed of seeds) {
      const played = await thread.play({ seed, limits, mutant });
      results.push(played);
      // Ends what all threads take from.
      if (onPlayed?.(played) === true) return;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return results.sort((a, b) => a.seed - b.seed);
}

/** Shared by all threads: each seed is played once. */
function* seedsOf({ from, seeds, before = [] }: SwarmOptions): Generator<number, void, undefined> {
  yield* before;
  for (let seed = from; seed < from + seeds; seed++) yield seed;
}

/** A thread that plays one seed at a time. One that hangs, or that a play breaks, is replaced. */
class SimThread implements AsyncDisposable {
  readonly #hangsAfterMs: number;
  #worker = newWorker();

  constructor(hangsAfterMs: number) {
    this.#hangsAfterMs = hangsAfterMs;
  }

  async play(order: Order): Promise<Played> {
    const worker = this.#worker;
    const { promise, resolve } = Promise.withResolvers<Played | string>();
    const onError = (error: Error): void => resolve(`the play has broken its thread: ${error.message}`);
    // What spins without asking the world for anything is not ended by the world's own watchdog.
    const timer = setTimeout(() => {
      resolve(`the play has not ended after ${this.#hangsAfterMs / 1000} s of real time`);
    }, this.#hangsAfterMs);
    worker.once("message", resolve);
    worker.once("error", onError);
    worker.postMessage(order);
    const played = await promise;
    clearTimeout(timer);
    worker.removeListener("error", onError);
    if (typeof played !== "string") return played;
    await worker.terminate();
    this.#worker = newWorker();
    return givenUp(order.seed, played);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Nearly all of what a play makes is soon forgotten: with more room for that, less of it is ever copied. */
const maxYoungGenerationSizeMb = 192;
/** Many times what the largest play takes: what goes round for ever is to be found out soon. */
const maxOldGenerationSizeMb = 1024;

function newWorker(): Worker {
  return new Worker(new URL("./sim-thread.ts", import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb, maxOldGenerationSizeMb },
  });
}

/** Of a play that was given up nothing else is known. */
function givenUp(seed: number, what: string): Played {
  return {
    seed,
    breaches: [{ id: "L5", what, atMs: 0 }],
    hash: "",
    virtualMs: 0,
    events: 0,
    fired: new Map(),
    unfired: [],
    delaysMs: [],
    cpuMs: 0,
  };
}
