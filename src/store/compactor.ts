import type { Clock } from "../runtime/clock.ts";
import type { Log } from "./log.ts";

export interface CompactorOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** How long history stays readable, at least. */
  readonly keepMs: number;
}

/**
 * Forgets history that is older than `keepMs`, so that the log does not grow for ever. Watchers that fell
 * further behind are told `Expired` and list again. A store in which nothing happens is left alone.
 */
export class Compactor {
  readonly name = "compactor";
  readonly #options: CompactorOptions;

  constructor(options: CompactorOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { log, clock, keepMs } = this.#options;
    let before = log.revision();
    while (!signal.aborted) {
      await clock.sleep(keepMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      if (before > log.compactedRevision()) await log.compact(before);
      before = log.revision();
    }
  }
}
