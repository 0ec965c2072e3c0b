import type { DomainState, ObservedDomain, OwnershipMark } from "../../drivers/driver.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import type { Action, Plan } from "./actions.ts";
import type { Outcome } from "./execute.ts";
import { isActive } from "./run-strategy.ts";

/** libvirt's words for a pause that will end by itself, because something is being done to the domain. */
export const passingPauses: ReadonlySet<string> = new Set([
  "starting up",
  "migration",
  "save",
  "dump",
  "snapshot",
]);
export const handPauses: ReadonlySet<string> = new Set(["user", "unknown"]);

const canPause: ReadonlySet<DomainState> = new Set(["running", "blocked", "nostate"]);

/**
 * What a pause, or its end, that a person asked for means for a running machine; undefined when nobody asked,
 * or when what they asked for has no bearing on what is seen.
 */
export function planRequestedPause(
  { status }: Pick<VirtualMachine, "status">,
  domain: ObservedDomain,
  mark: OwnershipMark,
): Plan | undefined {
  const request = status?.pauseRequest;
  if (request === undefined) return undefined;
  const isPaused = domain.state === "paused";
  const step = (type: "SuspendDomain" | "ResumeDomain", what: string): Plan => ({
    actions: [{ type, mark, because: `${request.requestedBy} asked for ${what}` }],
  });
  if (request.action === "Unpause") {
    return isPaused && !passingPauses.has(domain.reason) ? step("ResumeDomain", "it to go on") : undefined;
  }
  if (canPause.has(domain.state)) return step("SuspendDomain", "a pause");
  return isPaused && handPauses.has(domain.reason) ? { actions: [] } : undefined;
}

/** A pause ends with the run; a request to go on is done when the guest goes on, whoever saw to it. */
export function notePause(
  status: VirtualMachineStatus,
  domain: ObservedDomain | undefined,
): VirtualMachineStatus {
  const { pauseRequest } = status;
  if (pauseRequest === undefined) return status;
  const goesOn = domain !== undefined && canPause.has(domain.state);
  return !isActive(domain) || (pauseRequest.action === "Unpause" && goesOn) ? withoutPause(status) : status;
}

/** One request is one attempt: a guest that pauses itself again is not woken for ever. */
export function noteResumed(status: VirtualMachineStatus, { done }: Outcome): VirtualMachineStatus {
  const resumed = done.some(({ type }: Action) => type === "ResumeDomain");
  return resumed && status.pauseRequest?.action === "Unpause" ? withoutPause(status) : status;
}

/** Why a machine is paused, if it is. */
export function pausedCause(
  status: VirtualMachineStatus,
  domain: ObservedDomain | undefined,
): { readonly reason: string; readonly message: string } | undefined {
  if (domain?.state !== "paused" && domain?.state !== "pmsuspended") return undefined;
  const request = status.pauseRequest;
  if (request?.action === "Pause" && handPauses.has(domain.reason)) {
    return { reason: "PauseRequested", message: `${request.requestedBy} asked for it; unpause it to go on` };
  }
  return { reason: "GuestPaused", message: `the domain is ${domain.state} (${domain.reason})` };
}

function withoutPause(status: VirtualMachineStatus): VirtualMachineStatus {
  const { pauseRequest: _over, ...rest } = status;
  return rest;
}
