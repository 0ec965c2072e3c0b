import { type Counter, durationBuckets, type Histogram, type Metrics } from "../runtime/metrics.ts";
import type { QueueObserver, WorkQueue } from "./queue.ts";

/** How a reconcile ended: `conflict` lost a race and looks again, `terminal` waits for a change. */
export type ReconcileResult = "success" | "requeue" | "conflict" | "terminal" | "error";

const results: readonly ReconcileResult[] = ["success", "requeue", "conflict", "terminal", "error"];

/** What one controller measures; the names of the queue's metrics are client-go's. */
export class ControllerMetrics implements QueueObserver {
  readonly #metrics: Metrics;
  readonly #name: string;
  readonly #adds: Counter;
  readonly #retries: Counter;
  readonly #waited: Histogram;
  readonly #worked: Histogram;
  readonly #results: ReadonlyMap<ReconcileResult, Counter>;

  constructor(metrics: Metrics, name: string) {
    const queue = { name };
    this.#metrics = metrics;
    this.#name = name;
    this.#adds = metrics.counter({ name: "workqueue_adds_total", help: "Items added." }, queue);
    this.#retries = metrics.counter({ name: "workqueue_retries_total", help: "Items retried." }, queue);
    this.#waited = metrics.histogram(
      { name: "workqueue_queue_duration_seconds", help: "Time items waited.", buckets: durationBuckets },
      queue,
    );
    this.#worked = metrics.histogram(
      { name: "workqueue_work_duration_seconds", help: "Time items were in work.", buckets: durationBuckets },
      queue,
    );
    const total = { name: "ostler_reconcile_total", help: "Reconciles by how they ended." };
    this.#results = new Map(
      results.map((result) => [result, metrics.counter(total, { controller: name, result })]),
    );
  }

  /** Shows the state of the controller's queue. */
  watch(queue: Pick<WorkQueue<unknown>, "depth" | "oldestWaitMs" | "longestWorkMs">): void {
    const labels = { name: this.#name };
    const depth = { name: "workqueue_depth", help: "Items waiting." };
    this.#metrics.watchedGauge(depth, labels, () => queue.depth);
    const oldest = { name: "workqueue_oldest_wait_seconds", help: "Age of the item waiting longest." };
    this.#metrics.watchedGauge(oldest, labels, () => queue.oldestWaitMs / 1000);
    const longest = { name: "workqueue_longest_running_processor_seconds", help: "Longest work going on." };
    this.#metrics.watchedGauge(longest, labels, () => queue.longestWorkMs / 1000);
  }

  added(): void {
    this.#adds.add();
  }

  taken(waitedMs: number): void {
    this.#waited.observe(waitedMs / 1000);
  }

  finished(workedMs: number): void {
    this.#worked.observe(workedMs / 1000);
  }

  retried(): void {
    this.#retries.add();
  }

  reconciled(result: ReconcileResult): void {
    this.#results.get(result)?.add();
  }
}
