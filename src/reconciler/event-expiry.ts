import { pause } from "../runtime/abort.ts";
import { type Clock, parseTime } from "../runtime/clock.ts";
import { messageOf } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import { type Event, EventKind } from "../schema/event.ts";
import type { Store } from "../store/store.ts";
import { deleteAll } from "./deletion.ts";
import type { Part } from "./manager.ts";

export interface EventExpiryOptions {
  readonly store: Pick<Store, "list" | "delete">;
  readonly clock: Clock;
  readonly logger: Logger;
}

const lifetimeMs = 3_600_000;
const intervalMs = 60_000;
/** How many events are looked at before others get their turn. */
const pageSize = 500;

/** Removes Events an hour after they were last told, whoever wrote them. */
export class EventExpiry implements Part {
  readonly name = "event expiry";
  readonly #options: EventExpiryOptions;

  constructor(options: EventExpiryOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#removeExpired(signal);
      } catch (error) {
        logger.warn("old events could not be removed", { error: messageOf(error) });
      }
      await pause(clock, intervalMs, signal);
    }
  }

  async #removeExpired(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#options;
    const before = clock.now() - lifetimeMs;
    let next: string | undefined;
    do {
      const page = await store.list(EventKind, { limit: pageSize, continue: next });
      const expired = page.items.filter((event) => lastTimeOf(event) < before);
      await deleteAll(store, EventKind, expired);
      next = page.continue;
      await clock.yield();
    } while (next !== undefined && !signal.aborted);
  }
}

function lastTimeOf({ lastTimestamp, eventTime, metadata }: Event): number {
  return parseTime(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "");
}
