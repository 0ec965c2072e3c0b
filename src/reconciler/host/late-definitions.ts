import type { HostConnection, ObservedDomain } from "../../drivers/driver.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { HostSession } from "./host-session.ts";
import type { Leftovers } from "./leftovers.ts";
import { lookAgain, type SecondLookOptions } from "./second-look.ts";

export interface LateDefinitionsOptions extends SecondLookOptions {
  readonly clusterId: string;
  readonly leftovers: Pick<Leftovers, "wasLetGo">;
  readonly mayAct: () => boolean;
}

/**
 * Definitions that a host has made so late that their machines had been let go, or had left it for another
 * host, on which they were seen since: nobody else looks for them. What runs is left alone, whoever has
 * started it, and so is what a machine is known to have left behind, or has a disk of on this host.
 */
export class LateDefinitions {
  readonly #options: LateDefinitionsOptions;

  constructor(options: LateDefinitionsOptions) {
    this.#options = options;
  }

  /** Removes them, each after one more look at it and at what is written down. */
  async remove(
    session: HostSession,
    connection: HostConnection,
    signal: AbortSignal,
    logger: Logger,
  ): Promise<void> {
    const { machineOf } = this.#options;
    const late = [...session.domains.values()].filter((domain) =>
      this.#isLate(session, domain, machineOf(domain.uid)),
    );
    await lookAgain(late, this.#options, { session, connection, signal }, async ({ domain, mark, vm }) => {
      if (!this.#isLate(session, domain, vm) || !this.#options.mayAct()) return;
      await connection.undefineDomain(mark, signal);
      session.doubt(domain.uid);
      logger.info("definition that came late removed", { domain: domain.domainName, epoch: mark.epoch });
    });
  }

  #isLate(session: HostSession, domain: ObservedDomain, vm: VirtualMachine | undefined): boolean {
    const { clusterId, leftovers } = this.#options;
    if (domain.mark?.clusterId !== clusterId || domain.state !== "shutoff") return false;
    if (vm === undefined) return leftovers.wasLetGo(domain.uid);
    const disks = domain.definition?.disks ?? [];
    const hasDisk = disks.some(({ volume }) => session.volumes.has(volume));
    return !hasDisk && hasGoneOn(vm, domain.mark.epoch, session);
  }
}

/**
 * Whether the machine was placed on another host since, and seen there: on one that is another machine, for
 * two Hosts may be one.
 */
function hasGoneOn({ status = {} }: VirtualMachine, epoch: number, { hostName, link }: HostSession): boolean {
  const { hostName: placedOn, hostUuid, placementEpoch = 0, leftBehind = [] } = status;
  if (link.state !== "connected" || placedOn === undefined || hostUuid === undefined) return false;
  const here = link.facts.hostUuid;
  const isElsewhere = placedOn !== hostName && hostUuid !== here;
  const isKept = leftBehind.some((left) => left.hostName === hostName || left.hostUuid === here);
  return isElsewhere && epoch < placementEpoch && !isKept;
}
