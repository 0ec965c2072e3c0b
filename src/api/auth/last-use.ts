import { type Clock, formatTime, parseTime } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import { type AccessToken, AccessTokenKind } from "../../schema/access-token.ts";
import type { Store } from "../../store/store.ts";

export interface LastUseOptions {
  readonly store: Pick<Store, "updateStatus">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A write for each use would cost more than to know the minute is worth. */
const coarseMs = 3_600_000;

/** Writes into each token when it was last used, to the hour. */
export class LastUse {
  readonly #options: LastUseOptions;
  /** The uids of tokens whose use is being written. */
  readonly #writing = new Set<string>();

  constructor(options: LastUseOptions) {
    this.#options = options;
  }

  record(token: AccessToken): void {
    const { clock, logger } = this.#options;
    const { name, uid = "" } = token.metadata;
    const now = clock.now();
    if (this.#writing.has(uid) || now - parseTime(token.status?.lastUsedTime ?? "") < coarseMs) return;
    this.#writing.add(uid);
    this.#write(token, now)
      .catch((error: unknown) => {
        logger.debug("last use not written", { token: name, error: messageOf(error) });
      })
      .finally(() => this.#writing.delete(uid));
  }

  async #write(token: AccessToken, now: number): Promise<void> {
    const { resourceVersion: _any, ...metadata } = token.metadata;
    const used = { ...token, metadata, status: { lastUsedTime: formatTime(now) } };
    await this.#options.store.updateStatus(AccessTokenKind, used);
  }
}
