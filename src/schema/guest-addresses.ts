import type { VirtualMachineStatus } from "./virtual-machine.ts";

/** All addresses that the guest is known to have, those of the first interface first. */
export function guestAddresses(status: VirtualMachineStatus | undefined): readonly string[] {
  return (status?.interfaces ?? []).flatMap(({ ipAddresses = [] }) => ipAddresses);
}
