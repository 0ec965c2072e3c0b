import { orAborted, within } from "../runtime/abort.ts";
import type { Clock } from "../runtime/clock.ts";
import { messageOf } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";

/** Something with a lifetime. Its signal is aborted when it has to end. */
export interface Part {
  readonly name: string;
  /** Resolves when the part is ready for the parts after it. */
  start?(signal: AbortSignal): Promise<void>;
  /** The part's background loop: ends when the signal is aborted. Ending before that stops the manager. */
  run?(signal: AbortSignal): Promise<void>;
  /** Called after the signal is aborted; resolves when nothing of the part is left. */
  stop?(): Promise<void>;
}

export interface ManagerOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a part may take to stop before the others go on without it; 30 s when absent. */
  readonly stopTimeoutMs?: number;
}

interface StartedPart {
  readonly part: Part;
  readonly abort: AbortController;
  readonly running: Promise<void>;
}

/**
 * Starts the parts in the order they were added, each after the one before is ready, and stops them in
 * reverse. A part that fails, at any time, stops all: then every part is told to end at once, because what
 * has failed may be what allowed the others to act.
 */
export class Manager {
  readonly #options: ManagerOptions;
  readonly #parts: Part[] = [];
  readonly #started: StartedPart[] = [];
  readonly #failure = Promise.withResolvers<never>();

  constructor(options: ManagerOptions) {
    this.#options = options;
    this.#failure.promise.catch(() => {});
  }

  add(part: Part): this {
    this.#parts.push(part);
    return this;
  }

  /**
   * Runs all parts until the signal is aborted, then resolves when all have stopped; rejects with the error
   * of the first part that failed. `onReady` is called once all parts have started.
   */
  async run(signal: AbortSignal, onReady: () => void = () => {}): Promise<void> {
    try {
      for (const part of this.#parts) await this.#start(part, signal);
      onReady();
      await orAborted(this.#failure.promise, signal);
    } catch (error) {
      if (error === signal.reason && signal.aborted) return;
      for (const { abort } of this.#started) abort.abort();
      throw error;
    } finally {
      await this.#stopAll();
    }
  }

  async #start(part: Part, signal: AbortSignal): Promise<void> {
    const abort = new AbortController();
    const starting = part.start?.(abort.signal) ?? Promise.resolve();
    const running = starting.then(() => this.#watch(part, abort.signal));
    running.catch(() => {});
    this.#started.push({ part, abort, running });
    await orAborted(Promise.race([starting, this.#failure.promise]), signal);
    this.#options.logger.debug("part started", { part: part.name });
  }

  async #watch(part: Part, signal: AbortSignal): Promise<void> {
    if (part.run === undefined) return;
    try {
      await part.run(signal);
      if (!signal.aborted) throw new Error(`${part.name} ended unasked`);
    } catch (error) {
      if (signal.aborted) return;
      this.#options.logger.error("part failed", { part: part.name, error: messageOf(error) });
      this.#failure.reject(error);
    }
  }

  async #stopAll(): Promise<void> {
    for (let started = this.#started.pop(); started !== undefined; started = this.#started.pop()) {
      await this.#stop(started);
    }
  }

  async #stop({ part, abort, running }: StartedPart): Promise<void> {
    const { clock, logger, stopTimeoutMs = 30_000 } = this.#options;
    abort.abort();
    const ended = running
      .catch(() => {})
      .then(async () => {
        await part.stop?.();
        return true;
      });
    try {
      if ((await within(clock, stopTimeoutMs, ended)) === undefined) {
        logger.warn("part does not stop", { part: part.name });
      }
    } catch (error) {
      logger.error("part failed to stop", { part: part.name, error: messageOf(error) });
    }
  }
}
