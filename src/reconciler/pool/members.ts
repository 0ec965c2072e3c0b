import { isTrue } from "../../schema/conditions.ts";
import { matchesSelector } from "../../schema/label-selector.ts";
import { controllerOf } from "../../schema/meta.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { VirtualMachinePool } from "../../schema/virtual-machine-pool.ts";

/** Which machines are the pool's, and which are to become or to cease to be. */
export interface Claims {
  /** The pool's own, chosen by its selector. */
  readonly members: readonly VirtualMachine[];
  /** Nobody's, and chosen by the selector: the pool takes them over. */
  readonly adopt: readonly VirtualMachine[];
  /** The pool's own, whose labels the selector no longer chooses: it lets them go. */
  readonly release: readonly VirtualMachine[];
}

/**
 * Compares the pool with machines of its namespace. What another controller owns is not looked at, whatever
 * its labels; what is being deleted is neither taken over nor let go; a pool that is being deleted takes over
 * nothing.
 */
export function claimMembers(pool: VirtualMachinePool, machines: readonly VirtualMachine[]): Claims {
  const members: VirtualMachine[] = [];
  const adopt: VirtualMachine[] = [];
  const release: VirtualMachine[] = [];
  const isEnding = pool.metadata.deletionTimestamp !== undefined;
  for (const vm of machines) {
    const owner = controllerOf(vm)?.uid;
    if (owner !== undefined && owner !== pool.metadata.uid) continue;
    const isChosen = matchesSelector(pool.spec.selector, vm.metadata.labels ?? {});
    const isGoing = vm.metadata.deletionTimestamp !== undefined;
    if (owner !== undefined && isChosen) members.push(vm);
    else if (owner !== undefined && !isGoing && !isEnding) release.push(vm);
    else if (owner === undefined && isChosen && !isGoing && !isEnding && !hasEnded(vm)) adopt.push(vm);
  }
  return { members, adopt, release };
}

/** A member that counts: it is not being deleted, and there is something it may still be asked to do. */
export function isActive(vm: VirtualMachine): boolean {
  return vm.metadata.deletionTimestamp === undefined && !hasEnded(vm);
}

/** Its one run is over for good; such machines get into a pool only by adoption. */
function hasEnded({ spec, status }: VirtualMachine): boolean {
  if (spec.runStrategy === "Once") return status?.lastRunEnd !== undefined;
  return spec.runStrategy === "RerunOnFailure" && status?.lastRunEnd === "GuestShutdown";
}

/** It is as it should be, and runs unless it should not: one that somebody stopped by hand is not ready. */
export function isReady({ spec, status }: VirtualMachine): boolean {
  const isServing = status?.printableStatus === "Running" || spec.runStrategy !== "Always";
  return isServing && isTrue(status?.conditions, "Ready");
}
