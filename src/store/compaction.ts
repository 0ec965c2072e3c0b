import { pause } from "../runtime/abort.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "./log.ts";

/** Which history to keep: of the last `retentionMs`, but never more than `maxRevisions`. */
export interface CompactionOptions {
  readonly log: Pick<Log, "compact" | "revision">;
  readonly clock: Clock;
  readonly retentionMs?: number | undefined;
  readonly maxRevisions?: number | undefined;
}

const intervalMs = 10_000;

/**
 * Compacts the log again and again until the signal ends it, so that its history neither grows for ever nor
 * is gone before a watcher that lost its connection has resumed. Rejects when the log cannot be written.
 */
export async function keepCompacted(options: CompactionOptions, signal: AbortSignal): Promise<void> {
  const { log, clock, retentionMs = 300_000, maxRevisions = 100_000 } = options;
  const looks: { readonly at: number; readonly revision: number }[] = [];
  let outlived = 0;
  while (!signal.aborted) {
    const at = clock.monotonic();
    looks.push({ at, revision: log.revision() });
    for (let look = looks[0]; look !== undefined && look.at <= at - retentionMs; look = looks[0]) {
      outlived = look.revision;
      looks.shift();
    }
    await log.compact(Math.max(outlived, log.revision() - maxRevisions));
    await pause(clock, intervalMs, signal);
  }
}
