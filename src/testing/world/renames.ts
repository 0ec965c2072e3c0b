import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { wasRemoved } from "./inventory.ts";
import type { World } from "./world.ts";

/**
 * Why it is wrong that a machine goes on under another name of its host, if it is: the Host of the old name
 * was never removed, or the machine's domain is not where the new name leads.
 */
export function whyNotRenamed(world: World, vm: VirtualMachine, oldName: string): string | undefined {
  const { hostName = "", placementEpoch } = vm.status ?? {};
  if (!wasRemoved(world, oldName)) return `Host ${oldName} was never removed`;
  const uri = world.audit.hosts.get(hostName)?.spec.uri;
  const host = uri === undefined ? undefined : world.driverParts.resolve(uri);
  const domain = host?.fake.findDomain(vm.metadata.uid ?? "");
  if (domain?.observed.mark?.epoch === placementEpoch) return undefined;
  return `its domain of placement ${placementEpoch} is not on ${host?.name}`;
}
