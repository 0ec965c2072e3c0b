import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Of CPU time, to parse the JSON text of a machine of 2,261 bytes where the goals were set. */
const goalMicroseconds = 7.45;

/**
 * How slow the machine is while something is measured on it. What shares a core with a neighbour takes up to
 * twice the CPU time that it takes alone, and neighbours come and go many times a second; so figures in time
 * say little without this one beside them. Takes one to two hundredths of a core, in a thread of its own.
 */
export class Yardstick implements AsyncDisposable {
  readonly #thread = new Worker(new URL("./yardstick-thread.ts", import.meta.url));

  /** Begins to measure. */
  static async start(): Promise<Yardstick> {
    const yardstick = new Yardstick();
    await once(yardstick.#thread, "message");
    return yardstick;
  }

  /** How many times as slow, since the start or the last call, as the machine that the goals were set on. */
  async read(): Promise<number> {
    this.#thread.postMessage("read");
    const [microseconds]: number[] = await once(this.#thread, "message");
    return (microseconds ?? Number.NaN) / goalMicroseconds;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate();
  }
}

/** For reports. */
export function describeSlowness(times: number): string {
  return `takes ${times.toFixed(2)} times the CPU time of the one that the goals were set on`;
}
