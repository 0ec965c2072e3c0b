import type { VirtualMachine } from "./virtual-machine.ts";

/** How long a guest may take to shut down, unless who deletes its machine says otherwise. */
export function ownGraceSeconds({ spec }: Pick<VirtualMachine, "spec">): number {
  return spec.terminationGracePeriodSeconds;
}

/** How long it may take now. */
export function graceSecondsOf(vm: Pick<VirtualMachine, "metadata" | "spec">): number {
  const { deletionTimestamp, deletionGracePeriodSeconds } = vm.metadata;
  const given = deletionTimestamp === undefined ? undefined : deletionGracePeriodSeconds;
  return given ?? ownGraceSeconds(vm);
}
