import type { ObservedDomain } from "../../drivers/driver.ts";
import type { FakeDomain } from "../../drivers/fake/fake-domain.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { SimHost } from "./sim-host.ts";
import type { World } from "./world.ts";

/**
 * S1 and S3 of a machine with processes on several hosts. Against a person who says that a host is down which
 * is not there is no help but this: whatever runs there is older by its mark, and has other disks.
 */
export function checkCopies(world: World, domain: FakeDomain, hostNames: readonly string[]): void {
  const { uid } = domain;
  const vm = world.audit.machines.get(uid);
  const copies = hostNames.map((name) => world.host(name)).filter((host) => isOurs(world, host, uid));
  const unvouched = copies.filter((host) => !isVouchedFor(vm, host));
  if (unvouched.length > 1) {
    world.complain("S1", `${uid} runs on ${copies.map(({ name }) => name).join(" and ")}`);
    return;
  }
  const disks = copies.flatMap(({ fake }) => disksOf(fake.findDomain(uid)));
  const shared = disks.find((disk, index) => disks.indexOf(disk) !== index);
  if (shared !== undefined) world.complain("S3", `${shared} is a disk of two copies of ${uid}`);
}

/** Somebody else's domain may have a machine's UUID, where nobody can look before the machine is started. */
function isOurs({ clusterId }: World, { fake }: SimHost, uid: string): boolean {
  return fake.findDomain(uid)?.observed.mark?.clusterId === clusterId;
}

/** Whether somebody has vouched for it, as is written down, that nothing of the machine runs there. */
function isVouchedFor(vm: VirtualMachine | undefined, { fake }: SimHost): boolean {
  const { leftBehind = [], departure } = vm?.status ?? {};
  return departure !== undefined && leftBehind.some(({ hostUuid }) => hostUuid === fake.facts.hostUuid);
}

function disksOf(domain: FakeDomain | undefined): readonly string[] {
  return domain?.observed.definition?.disks.map(({ volume }) => volume) ?? [];
}

/** Whether it is what a machine has left there, stopped and kept; it may have been there more than once. */
export function isKept(vm: VirtualMachine, { fake }: SimHost, { state, mark }: ObservedDomain): boolean {
  const { leftBehind = [] } = vm.status ?? {};
  const left = leftBehind.filter(({ hostUuid }) => hostUuid === fake.facts.hostUuid);
  return state === "shutoff" && left.some(({ epoch }) => (mark?.epoch ?? 0) <= epoch);
}

/**
 * Whether all that the host has of the machine is a definition of a placement that is over: the machine was
 * seen on another host since, and is not known to have left anything here.
 */
export function isPast({ metadata, status = {} }: VirtualMachine, { fake }: SimHost): boolean {
  const { hostUuid, placementEpoch = 0, leftBehind = [] } = status;
  const here = fake.facts.hostUuid;
  const isElsewhere = hostUuid !== undefined && hostUuid !== here;
  if (!isElsewhere || leftBehind.some((left) => left.hostUuid === here)) return false;
  const found = fake.findDomain(metadata.uid ?? "")?.observed;
  return found === undefined || (found.state === "shutoff" && (found.mark?.epoch ?? 0) < placementEpoch);
}
