import type { HostConnection, ObservedDomain } from "../../drivers/driver.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { HostSession } from "./host-session.ts";
import type { Leftovers } from "./leftovers.ts";

export interface LateDefinitionsOptions {
  readonly clusterId: string;
  readonly leftovers: Pick<Leftovers, "wasLetGo">;
  readonly mayAct: () => boolean;
}

/**
 * Definitions that a host has made so late that their machines had been let go: nobody else looks for them.
 * What runs is left alone, whoever has started it.
 */
export class LateDefinitions {
  readonly #options: LateDefinitionsOptions;

  constructor(options: LateDefinitionsOptions) {
    this.#options = options;
  }

  /** Removes them, each after one more look at it. */
  async remove(
    session: HostSession,
    connection: HostConnection,
    signal: AbortSignal,
    logger: Logger,
  ): Promise<void> {
    const late = [...session.domains.values()].filter((domain) => this.#isLate(domain));
    for (const { uid } of late) {
      session.doubt(uid);
      const domain = await session.domain(connection, uid, signal);
      if (domain?.mark === undefined || !this.#isLate(domain) || !this.#options.mayAct()) continue;
      await connection.undefineDomain(domain.mark, signal);
      session.doubt(uid);
      logger.info("definition of a deleted machine removed", { domain: domain.domainName });
    }
  }

  #isLate({ uid, state, mark }: ObservedDomain): boolean {
    const { clusterId, leftovers } = this.#options;
    return mark?.clusterId === clusterId && state === "shutoff" && leftovers.wasLetGo(uid);
  }
}
