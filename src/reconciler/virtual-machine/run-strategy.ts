import type { ObservedDomain } from "../../drivers/driver.ts";
import { assertNever } from "../../runtime/errors.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";

/** What the machine should be now. `AsIs`: neither started nor stopped. */
export type Wanted = "Running" | "Stopped" | "AsIs" | "Gone";

/** How the last run ended, as far as libvirt's reason tells. */
export type RunEnd = "GuestShutdown" | "Failure" | "NeverRan";

/** Whether the domain has a process on its host. */
export function isActive(domain: ObservedDomain | undefined): boolean {
  return domain !== undefined && domain.state !== "shutoff";
}

/**
 * How a stopped domain ended. A guest that powered itself off, or obeyed a shutdown, ended of its own will;
 * all else (crash, destroy by hand, a host that lost power) did not.
 */
export function runEnd(domain: ObservedDomain | undefined, started: boolean): RunEnd {
  if (domain?.reason === "shutdown") return "GuestShutdown";
  if (started) return "Failure";
  return domain !== undefined && endedReasons.has(domain.reason) ? "Failure" : "NeverRan";
}

const endedReasons: ReadonlySet<string> = new Set(["crashed", "destroyed", "failed", "migrated", "saved"]);

/** What the run strategy, a person's override and the last run together ask for. */
export function wantedState(vm: VirtualMachine, domain: ObservedDomain | undefined): Wanted {
  if (vm.metadata.deletionTimestamp !== undefined) return "Gone";
  const override = vm.status?.runOverride;
  if (override?.runStrategy === vm.spec.runStrategy) {
    if (override.action === "Stop") return "Stopped";
    return "Running";
  }
  return wantedByStrategy(vm, domain);
}

function wantedByStrategy(vm: VirtualMachine, domain: ObservedDomain | undefined): Wanted {
  const started = vm.status?.started === true;
  switch (vm.spec.runStrategy) {
    case "Always":
      return "Running";
    case "Halted":
      return "Stopped";
    case "Manual":
      return "AsIs";
    case "Once":
      return isActive(domain) || !started ? "Running" : "AsIs";
    case "RerunOnFailure":
      return isActive(domain) || !started || runEnd(domain, started) === "Failure" ? "Running" : "AsIs";
    default:
      return assertNever(vm.spec.runStrategy);
  }
}
