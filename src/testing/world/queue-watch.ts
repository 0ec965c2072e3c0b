import { type Metrics, silentMetrics } from "../../runtime/metrics.ts";
import type { Complain } from "./audit.ts";
import type { Process } from "./process.ts";
import { uploadDeadlineMs } from "./sim-link.ts";

/**
 * Calls of the time of trouble are given up half a minute later, uploads much later, and one look may take
 * several.
 */
const graceMs = uploadDeadlineMs + 30_000;
/** So long an item may wait for its turn once all is well. */
const calmMs = 1_000;
/** And so long in trouble: an item that was added while it was in work waits for its own sick host. */
const troubleMs = 300_000;

export interface QueueWatchOptions {
  readonly complain: Complain;
  readonly now: () => number;
}

/**
 * L4: what is due in a work queue is handled soon. Sees what the queues measure of themselves: how long an
 * item has waited when it is taken, and how long the next one waits that nobody takes.
 */
export class QueueWatch {
  readonly #options: QueueWatchOptions;
  readonly #oldest: { readonly process: Process; readonly name: string; readonly waitedMs: () => number }[] =
    [];
  #calmSinceMs = Number.POSITIVE_INFINITY;

  constructor(options: QueueWatchOptions) {
    this.#options = options;
  }

  /** All that was wrong is well again. */
  calm(): void {
    this.#calmSinceMs = this.#options.now();
  }

  /** Something is wrong, as in the beginning. */
  trouble(): void {
    this.#calmSinceMs = Number.POSITIVE_INFINITY;
  }

  /** For the controllers of one process. */
  metricsOf(process: Process): Metrics {
    return {
      ...silentMetrics,
      histogram: ({ name }, { name: queue = "" } = {}) => ({
        observe: (seconds) => {
          if (name === "workqueue_queue_duration_seconds") this.#judge(queue, seconds * 1000);
        },
      }),
      watchedGauge: ({ name }, { name: queue = "" }, read) => {
        if (name !== "workqueue_oldest_wait_seconds") return;
        this.#oldest.push({ process, name: queue, waitedMs: () => read() * 1000 });
      },
    };
  }

  /** Judges what waits now. */
  look(): void {
    for (const { process, name, waitedMs } of this.#oldest)
      if (process.isAlive) this.#judge(name, waitedMs());
  }

  #judge(queue: string, waitedMs: number): void {
    const isCalm = this.#options.now() - this.#calmSinceMs > graceMs;
    if (waitedMs <= (isCalm ? calmMs : troubleMs)) return;
    this.#options.complain("L4", `an item of the queue "${queue}" has waited ${Math.round(waitedMs)} ms`);
  }
}
