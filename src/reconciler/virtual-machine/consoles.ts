import type { ConsoleOptions, DomainConsole } from "../../drivers/domain-console.ts";
import { StatusError } from "../../runtime/errors.ts";
import { groupResource } from "../../schema/kind.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { HostSessions } from "../host/host-sessions.ts";
import { markOf, uidOf } from "./desired.ts";
import { isActive } from "./run-strategy.ts";

/** Opens the consoles of machines through the links to their hosts. */
export class MachineConsoles {
  readonly #sessions: Pick<HostSessions, "get">;
  readonly #clusterId: string;

  constructor(sessions: Pick<HostSessions, "get">, clusterId: string) {
    this.#sessions = sessions;
    this.#clusterId = clusterId;
  }

  /**
   * Throws `OperationInvalid` when the machine does not run, `HostUnreachable` when its host cannot be asked,
   * and what the driver throws.
   */
  async open(vm: VirtualMachine, options: ConsoleOptions, signal: AbortSignal): Promise<DomainConsole> {
    const label = `${groupResource(VirtualMachineKind)} "${vm.metadata.name}"`;
    const hostName = vm.status?.hostName;
    if (hostName === undefined) throw notRunning(label, vm);
    const session = this.#sessions.get(hostName);
    if (session?.link.state !== "connected") {
      const message = `${label} is on host "${hostName}", which is not connected: no way to its console`;
      throw new StatusError("HostUnreachable", message);
    }
    const { connection } = session.link;
    const domain = await session.domain(connection, uidOf(vm), signal);
    if (!isActive(domain)) throw notRunning(label, vm);
    return connection.openConsole(markOf(vm, this.#clusterId), options, signal);
  }
}

function notRunning(label: string, { status }: VirtualMachine): StatusError {
  const word = status?.printableStatus ?? "not placed yet";
  return new StatusError("OperationInvalid", `${label} does not run (${word}): it has no console`);
}
