import type { HostConnection, ObservedDomain, OwnershipMark } from "../../drivers/driver.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { RecordEvent } from "../virtual-machine/context.ts";
import type { HostSession } from "./host-session.ts";
import { lookAgain, type SecondLookOptions } from "./second-look.ts";

export interface StaleCopiesOptions extends SecondLookOptions {
  readonly clusterId: string;
  readonly mayAct: () => boolean;
  readonly record: RecordEvent;
}

/**
 * Copies of machines that were started elsewhere since: their hosts were away then and are back. They are
 * stopped, because two of them write to the same world; their definitions and disks stay.
 */
export class StaleCopies {
  readonly #options: StaleCopiesOptions;

  constructor(options: StaleCopiesOptions) {
    this.#options = options;
  }

  /** Those of the domains on a host that run. */
  among(hostName: string, domains: Iterable<ObservedDomain>): readonly ObservedDomain[] {
    return [...domains].filter((domain) => this.#isStale(hostName, domain, this.#machineOf(domain)));
  }

  /** Stops them, each after one more look at it and at what is written down. */
  async stop(
    session: HostSession,
    connection: HostConnection,
    signal: AbortSignal,
    logger: Logger,
  ): Promise<void> {
    const copies = this.among(session.hostName, session.domains.values());
    await lookAgain(copies, this.#options, { session, connection, signal }, async ({ domain, mark, vm }) => {
      if (vm === undefined || !this.#isStale(session.hostName, domain, vm)) return;
      if (!this.#options.mayAct()) return;
      await connection.destroyDomain(mark, signal);
      session.doubt(domain.uid);
      this.#tell(session.hostName, domain, mark, vm, logger);
    });
  }

  #tell(
    hostName: string,
    domain: ObservedDomain,
    mark: OwnershipMark,
    vm: VirtualMachine,
    logger: Logger,
  ): void {
    const disks = domain.definition?.disks.map(({ volume }) => volume) ?? [];
    const kept = disks.length === 0 ? "" : `; its disks there are kept: ${disks.join(", ")}`;
    const { hostName: placedOn } = vm.status ?? {};
    const now =
      placedOn === undefined ? "was placed elsewhere since" : `is placed on host "${placedOn}" by now`;
    const copy = `its copy on host "${hostName}", of placement ${mark.epoch}`;
    const message = `${copy}, was stopped: it ${now}${kept}`;
    logger.warn("older copy stopped", { machine: vm.metadata.name, epoch: mark.epoch });
    this.#options.record(vm, "Warning", "OlderCopyStopped", message);
  }

  #machineOf({ uid, mark }: ObservedDomain): VirtualMachine | undefined {
    return mark?.clusterId === this.#options.clusterId ? this.#options.machineOf(uid) : undefined;
  }

  /**
   * A lower epoch than the one written down is one that was given up: epochs only rise. That the machine is
   * placed nowhere by now makes it no less so.
   */
  #isStale(hostName: string, { state, mark }: ObservedDomain, vm: VirtualMachine | undefined): boolean {
    const { hostName: placedOn, placementEpoch = 0 } = vm?.status ?? {};
    if (mark?.clusterId !== this.#options.clusterId || state === "shutoff") return false;
    return placedOn !== hostName && mark.epoch < placementEpoch;
  }
}
