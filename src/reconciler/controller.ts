import { onAbort } from "../runtime/abort.ts";
import type { Clock } from "../runtime/clock.ts";
import { hasReason, messageOf, StatusError } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import { type Metrics, silentMetrics } from "../runtime/metrics.ts";
import { formatKey, keyOf, type ObjectKey, type Resource } from "../schema/meta.ts";
import { ControllerMetrics, type ReconcileResult } from "./controller-metrics.ts";
import { Deadlines } from "./deadlines.ts";
import type { Change, Informer } from "./informer.ts";
import type { Part } from "./manager.ts";
import { RateLimitedQueue } from "./rate-limited-queue.ts";
import { defaultRateLimiter, exponentialBackoff, type RateLimiter } from "./rate-limiter.ts";
import { causeOf, type Reconciler, type Result, TerminalError } from "./reconcile.ts";
import { Turns } from "./turns.ts";

export interface ControllerOptions {
  readonly name: string;
  readonly reconciler: Reconciler;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** How many keys are reconciled at once, now; 1 when absent. */
  readonly workers?: number | (() => number);
  /** After this time the signal of a reconcile is aborted; 5 minutes when absent. */
  readonly deadlineMs?: number;
  /** When failed keys are tried again; client-go's default when absent. */
  readonly rateLimiter?: RateLimiter;
}

/** Who has held the event loop for this long lets others run. */
const turnMs = 10;

/**
 * Calls a reconciler for every key that somebody wants looked at, and is the one owner of retries: an
 * error comes back with backoff, a lost race soon and without noise, a `TerminalError` not at all, and a
 * `requeueAfterMs` after that time. Whatever a reconciler throws ends here.
 */
export class Controller implements Part {
  readonly name: string;
  readonly #reconciler: Reconciler;
  readonly #logger: Logger;
  readonly #metrics: ControllerMetrics;
  readonly #workers: () => number;
  readonly #queue: RateLimitedQueue<ObjectKey>;
  readonly #turns: Turns;
  readonly #deadlines: Deadlines;
  /** Who lost a race looks again soon, at nobody's expense: a cache that lags catches up in no time. */
  readonly #races = exponentialBackoff({ baseMs: 5, maxMs: 1000 });
  #reconciles = 0;
  /** Reconciles under way, and whom to tell when one ends. */
  #going = 0;
  #ended: (() => void) | undefined;

  constructor(options: ControllerOptions) {
    const { name, clock, deadlineMs = 300_000 } = options;
    this.name = name;
    this.#reconciler = options.reconciler;
    this.#turns = new Turns(clock, turnMs);
    this.#logger = options.logger.with({ controller: name });
    this.#metrics = new ControllerMetrics(options.metrics ?? silentMetrics, name);
    const { workers = 1 } = options;
    this.#workers = typeof workers === "number" ? () => workers : workers;
    this.#queue = new RateLimitedQueue({
      clock,
      keyOf: formatKey,
      observer: this.#metrics,
      rateLimiter: options.rateLimiter ?? defaultRateLimiter(clock),
    });
    this.#metrics.watch(this.#queue);
    const reason = () =>
      new StatusError("Timeout", `${name}: the reconcile took longer than ${deadlineMs} ms`);
    this.#deadlines = new Deadlines({ clock, lengthMs: deadlineMs, reason });
  }

  /** Looks at the keys that a change of any object concerns: by default at the key of the object itself. */
  watches<T extends Resource>(
    informer: Informer<T>,
    keysFor: (change: Change<T>) => readonly ObjectKey[] = ({ object }) => [keyOf(object)],
  ): this {
    informer.subscribe((change) => {
      for (const key of keysFor(change)) this.#queue.add(key);
    });
    return this;
  }

  /** Asks for a look at `key`, after `delayMs` when given. */
  enqueue(key: ObjectKey, delayMs = 0): void {
    this.#queue.addAfter(key, delayMs);
  }

  /** Works until the signal is aborted and the reconciles that were going on have returned. */
  async run(signal: AbortSignal): Promise<void> {
    onAbort(signal, () => {
      this.#queue.shutDown();
      this.#deadlines.abortAll(signal.reason);
    });
    for (let key = await this.#next(); key !== undefined; key = await this.#next()) {
      if (signal.aborted) break;
      void this.#work(key, signal);
      await this.#turns.share();
      while (this.#going >= this.#workers()) await this.#oneEnds();
    }
    while (this.#going > 0) await this.#oneEnds();
  }

  async #next(): Promise<ObjectKey | undefined> {
    if (this.#queue.depth === 0) this.#turns.rest();
    const key = await this.#queue.get();
    this.#turns.begin();
    return key;
  }

  /** Never rejects. */
  async #work(key: ObjectKey, signal: AbortSignal): Promise<void> {
    this.#going += 1;
    await this.#reconcile(key, signal);
    this.#queue.done(key);
    this.#going -= 1;
    this.#ended?.();
  }

  #oneEnds(): Promise<void> {
    return new Promise((resolve) => {
      this.#ended = resolve;
    });
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    this.#reconciles += 1;
    const logger = this.#logger.with({ key: formatKey(key), reconcileId: this.#reconciles });
    const piece = this.#deadlines.begin();
    try {
      const result = await this.#reconciler.reconcile(key, piece.signal, logger);
      this.#metrics.reconciled(this.#succeed(key, result));
    } catch (error) {
      if (!signal.aborted) this.#metrics.reconciled(this.#fail(key, error, logger));
    } finally {
      this.#deadlines.end(piece);
    }
  }

  #succeed(key: ObjectKey, { requeueAfterMs }: Result): ReconcileResult {
    if (requeueAfterMs !== undefined) this.#queue.addAfter(key, requeueAfterMs);
    this.#forget(key);
    return requeueAfterMs === undefined ? "success" : "requeue";
  }

  #fail(key: ObjectKey, error: unknown, logger: Logger): ReconcileResult {
    const message = messageOf(error);
    if (error instanceof TerminalError) {
      this.#forget(key);
      logger.error("reconcile failed until the object changes", { error: message });
      return "terminal";
    }
    const cause = causeOf(error);
    if (hasReason(cause, "Conflict")) {
      this.#queue.addAfter(key, this.#races.delayMs(formatKey(key)));
      logger.debug("reconcile lost a race", { error: message });
      return "conflict";
    }
    const retries = this.#queue.retries(key);
    this.#queue.addRateLimited(key);
    const fields = { error: message, retries, stack: stackOf(cause) };
    // Who has logged an error that nobody foresaw has not said where it came from.
    if (cause === error || fields.stack !== undefined) logger.warn("reconcile failed", fields);
    else logger.debug("reconcile failed", fields);
    return "error";
  }

  #forget(key: ObjectKey): void {
    this.#queue.forget(key);
    this.#races.forget(formatKey(key));
  }
}

/** Where an error came from that nobody foresaw; expected ones say enough by their message. */
function stackOf(error: unknown): string | undefined {
  return error instanceof Error && !(error instanceof StatusError) ? error.stack : undefined;
}
