import type { Logger } from "../../runtime/logger.ts";
import type { Fence } from "../../schema/fence.ts";
import type { Host } from "../../schema/host.ts";
import type { RecordEvent } from "../virtual-machine/context.ts";
import { whyNotInForce } from "./fence.ts";

interface Look {
  readonly isConnected: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Tells of statements that hosts are down: that one was made, and how it ended. */
export class FenceWatch {
  readonly #record: RecordEvent;
  /** By host: the statement that was told of. */
  readonly #told = new Map<string, Fence>();

  constructor(record: RecordEvent) {
    this.#record = record;
  }

  /** What stands after a look at the host, of which `host` says what stood before. */
  note(host: Host, after: Fence | undefined, look: Look, logger: Logger): void {
    const { name } = host.metadata;
    const before = host.status?.fence ?? this.#told.get(name);
    if (after !== undefined) {
      if (this.#told.get(name)?.statedAt === after.statedAt) return;
      this.#told.set(name, after);
      const { statedBy, reason, expiresAt } = after;
      logger.warn("host confirmed down", { by: statedBy, reason, until: expiresAt });
      this.#record(host, "Warning", "ConfirmedDown", `${statedBy}: ${reason}; until ${expiresAt}`);
      return;
    }
    if (before === undefined) return;
    this.#told.delete(name);
    const why = look.isConnected
      ? "the host answers again"
      : host.status?.fence === undefined
        ? "it was taken back"
        : whyNotInForce(host.status.fence, look.now);
    logger.warn("host no longer confirmed down", { because: why });
    this.#record(
      host,
      "Warning",
      "NoLongerConfirmedDown",
      `what ${before.statedBy} stated has ended: ${why}`,
    );
  }

  forget(hostName: string): void {
    this.#told.delete(hostName);
  }
}
