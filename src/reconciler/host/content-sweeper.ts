import type { HostConnection } from "../../drivers/driver.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { HostSession } from "./host-session.ts";

/** So long must a volume be unused before it is removed: ample time for a machine that begins to use it. */
const keepUnusedMs = 60_000;

export interface ContentSweeperOptions {
  readonly clock: Clock;
  /** Whether anything may be changed on hosts. */
  readonly mayAct: () => boolean;
}

/** Removes contents and leftovers once they have been unused for a while, at more than one look. */
export class ContentSweeper {
  readonly #options: ContentSweeperOptions;
  /** By host and content: since when it is known to be unused. */
  readonly #unusedSince = new Map<string, ReadonlyMap<string, number>>();

  constructor(options: ContentSweeperOptions) {
    this.#options = options;
  }

  /** Takes in what is unused on a host now, and removes what was for long enough, as long as it may. */
  async sweep(
    session: HostSession,
    connection: HostConnection,
    unused: readonly string[],
    { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
  ): Promise<void> {
    const { clock, mayAct } = this.#options;
    const now = clock.monotonic();
    const before = this.#unusedSince.get(session.hostName);
    const since = new Map(unused.map((volume) => [volume, before?.get(volume) ?? now]));
    if (since.size === 0) this.forget(session.hostName);
    else this.#unusedSince.set(session.hostName, since);
    for (const [volume, sinceMs] of since) {
      if (now - sinceMs < keepUnusedMs) continue;
      if (!mayAct()) return;
      await connection.deleteVolume(volume, signal);
      session.noteVolume(volume, undefined);
      logger.info("unused image content removed", { volume });
    }
  }

  /** The host is gone, or has nothing unused. */
  forget(hostName: string): void {
    this.#unusedSince.delete(hostName);
  }
}
