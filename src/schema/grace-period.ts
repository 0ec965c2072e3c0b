import type { VirtualMachine } from "./virtual-machine.ts";

/** How long a guest may take to shut down, unless who deletes its machine says otherwise. */
export function ownGraceSeconds({ spec }: Pick<VirtualMachine, "spec">): number {
  return spec.terminationGracePeriodSeconds;
}

/** How long it may take now: as who deletes it, or who asked for its stop or restart, said. */
export function graceSecondsOf(vm: Pick<VirtualMachine, "metadata" | "spec" | "status">): number {
  const { deletionTimestamp, deletionGracePeriodSeconds } = vm.metadata;
  const given = deletionTimestamp === undefined ? askedGraceSeconds(vm) : deletionGracePeriodSeconds;
  return given ?? ownGraceSeconds(vm);
}

function askedGraceSeconds({ spec, status }: Pick<VirtualMachine, "spec" | "status">): number | undefined {
  const { runOverride, restartRequest } = status ?? {};
  const isStop = runOverride?.action === "Stop" && runOverride.runStrategy === spec.runStrategy;
  return (isStop ? runOverride : restartRequest)?.gracePeriodSeconds;
}
