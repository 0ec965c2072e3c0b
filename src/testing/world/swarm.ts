import { Worker } from "node:worker_threads";
import type { PlanLimits } from "./plan.ts";
import type { Order, Played } from "./sim-thread.ts";

export interface SwarmOptions {
  readonly from: number;
  readonly seeds: number;
  /** How many threads play at once; 1 unless told. */
  readonly workers?: number;
  readonly limits?: PlanLimits;
  readonly mutant?: string;
  /** Called with each result as it comes; true: that is enough. */
  readonly onPlayed?: (played: Played) => boolean | undefined;
}

/**
 * Plays many seeds, in threads of their own: a test runner watches every promise of the threads that its
 * tests run in, which takes several times as long as the play itself. The results are in order of seed.
 */
export async function playSwarm(options: SwarmOptions): Promise<readonly Played[]> {
  const { from, seeds, workers = 1, limits = {}, mutant, onPlayed } = options;
  const results: Played[] = [];
  let [next, isEnough] = [from, false];
  const work = async (): Promise<void> => {
    await using thread = new SimThread();
    while (next < from + seeds && !isEnough) {
      const seed = next;
      next += 1;
      const played = await thread.play({ seed, limits, mutant });
      results.push(played);
      isEnough ||= onPlayed?.(played) === true;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return results.sort((a, b) => a.seed - b.seed);
}

/** Far longer than any play takes on a busy machine. */
const longestPlayMs = 600_000;

/** A thread that plays one seed at a time. */
class SimThread implements AsyncDisposable {
  readonly #worker = new Worker(new URL("./sim-thread.ts", import.meta.url));

  play(order: Order): Promise<Played> {
    const { promise, resolve, reject } = Promise.withResolvers<Played>();
    const onError = (error: Error): void =>
      reject(new Error(`seed ${order.seed} broke the thread`, { cause: error }));
    // What spins without asking the world for anything is not ended by the world's own watchdog.
    const onLate = (): void =>
      reject(new Error(`seed ${order.seed} has not ended in ${longestPlayMs / 1000} s`));
    const timer = setTimeout(onLate, longestPlayMs);
    this.#worker.once("message", resolve);
    this.#worker.once("error", onError);
    this.#worker.postMessage(order);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#worker.removeListener("error", onError);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
