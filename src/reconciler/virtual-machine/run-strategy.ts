import type { ObservedDomain } from "../../drivers/driver.ts";
import { assertNever } from "../../runtime/errors.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";

/** What the machine should be now. `AsIs`: neither started nor stopped. */
export type Wanted = "Running" | "Stopped" | "AsIs" | "Gone";

/** How a run ended, as far as libvirt's reason tells. */
export type RunEnd = "GuestShutdown" | "Failure";

/** Whether the domain has a process on its host. */
export function isActive(domain: ObservedDomain | undefined): boolean {
  return domain !== undefined && domain.state !== "shutoff";
}

/**
 * How a domain that ran and is now stopped, or gone, has ended. A guest that powered itself off, or obeyed a
 * shutdown, ended of its own will; all else (crash, destroy by hand, a host that lost power) did not.
 */
export function runEnd(domain: ObservedDomain | undefined): RunEnd {
  return domain?.reason === "shutdown" ? "GuestShutdown" : "Failure";
}

/** What the run strategy, what a person asked for and the last run together ask for. */
export function wantedState(vm: VirtualMachine, domain: ObservedDomain | undefined): Wanted {
  if (vm.metadata.deletionTimestamp !== undefined) return "Gone";
  const override = vm.status?.runOverride;
  if (override?.runStrategy === vm.spec.runStrategy) {
    return override.action === "Stop" ? "Stopped" : "Running";
  }
  return wantedByStrategy(vm, domain);
}

function wantedByStrategy({ spec, status }: VirtualMachine, domain: ObservedDomain | undefined): Wanted {
  const isNew = status?.started !== true;
  const isRestarting = status?.restartRequest !== undefined;
  switch (spec.runStrategy) {
    case "Always":
      return "Running";
    case "Halted":
      return "Stopped";
    case "Manual":
      return isRestarting ? "Running" : "AsIs";
    case "Once":
      return isActive(domain) || isNew ? "Running" : "AsIs";
    case "RerunOnFailure":
      return isActive(domain) || isNew || isRestarting || status.lastRunEnd !== "GuestShutdown"
        ? "Running"
        : "AsIs";
    default:
      return assertNever(spec.runStrategy);
  }
}
