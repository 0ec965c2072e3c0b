import type { DomainNetwork, GuestAddresses, ObservedDomain } from "../../drivers/driver.ts";
import { deepEqual } from "../../runtime/equal.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { isActive } from "./run-strategy.ts";

type Interfaces = NonNullable<VirtualMachineStatus["interfaces"]>;

/** More than anybody reads; an interface may have many with IPv6. */
const mostAddresses = 16;

/**
 * The interfaces of a machine that runs and the addresses that its host knows. A host forgets neighbours who
 * say nothing for a while: what a run's interface last had stays until another is seen or the run ends.
 */
export function noteInterfaces(
  status: VirtualMachineStatus,
  domain: ObservedDomain | undefined,
  addresses?: GuestAddresses,
): VirtualMachineStatus {
  const isRunning = domain !== undefined && isActive(domain);
  // Of a domain whose definition is gone nobody knows what it has.
  if (isRunning && domain.definition === undefined) return status;
  const before = status.interfaces ?? [];
  const now = isRunning ? interfacesOf(domain.definition?.networks ?? [], addresses, before) : [];
  if (deepEqual(before, now)) return status;
  const { interfaces: _before, ...rest } = status;
  return now.length === 0 ? rest : { ...rest, interfaces: now };
}

function interfacesOf(
  networks: readonly DomainNetwork[],
  addresses: GuestAddresses | undefined,
  before: Interfaces,
): Interfaces {
  return networks.map(({ name, macAddress: mac }) => {
    const known = before.find((other) => other.mac === mac)?.ipAddresses ?? [];
    const ipAddresses = (addresses?.get(mac) ?? known).slice(0, mostAddresses);
    const [ipAddress] = ipAddresses;
    return ipAddress === undefined ? { name, mac } : { name, mac, ipAddress, ipAddresses };
  });
}
