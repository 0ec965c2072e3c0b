import type { ObservedDomain } from "../../drivers/driver.ts";
import { formatTime, parseTime } from "../../runtime/clock.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { runEndedEarly, stableRunMs } from "./backoff.ts";
import { definitionHash } from "./desired.ts";
import { isActive, runEnd, wantedState } from "./run-strategy.ts";

/**
 * What a machine's status must remember because the host does not: when the present run began, how often it
 * failed, what a person asked for. Each function returns the status after one observation or one deed.
 */

/** After a look at the host: a run that has ended is closed, a run that is stable clears old failures. */
export function noteObserved(
  vm: VirtualMachine,
  domain: ObservedDomain | undefined,
  now: number,
): VirtualMachineStatus {
  const status = dropStaleOverride(vm);
  if (domain !== undefined && isActive(domain)) {
    return noteRunning(forgetUnheardShutdown(vm, status, domain, now), domain, now);
  }
  return status.startedAt === undefined && status.shutdownRequestedAt === undefined
    ? status
    : noteEnd(vm, status, domain, now);
}

/** An override that was made under another run strategy no longer counts. */
function dropStaleOverride(vm: VirtualMachine): VirtualMachineStatus {
  const { runOverride, ...rest } = vm.status ?? {};
  if (runOverride === undefined || runOverride.runStrategy === vm.spec.runStrategy) return vm.status ?? {};
  return rest;
}

/** A shutdown that is no longer wanted, and that the guest has not obeyed in its grace period, is forgotten. */
function forgetUnheardShutdown(
  vm: VirtualMachine,
  status: VirtualMachineStatus,
  domain: ObservedDomain,
  now: number,
): VirtualMachineStatus {
  const { shutdownRequestedAt, ...rest } = status;
  if (shutdownRequestedAt === undefined || status.restartRequest !== undefined) return status;
  if (wantedState({ ...vm, status }, domain) !== "Running") return status;
  const graceMs = vm.spec.terminationGracePeriodSeconds * 1000;
  return now - parseTime(shutdownRequestedAt) < graceMs ? status : rest;
}

/** A domain that runs has been started, whoever wrote that down or died before. */
function noteRunning(
  status: VirtualMachineStatus,
  domain: ObservedDomain,
  now: number,
): VirtualMachineStatus {
  if (status.startedAt === undefined) {
    const definition =
      domain.definition === undefined ? {} : { startedDefinition: definitionHash(domain.definition) };
    return { ...status, started: true, startedAt: formatTime(now), ...definition };
  }
  if (status.startFailure === undefined || now - parseTime(status.startedAt) < stableRunMs) return status;
  const { startFailure: _mended, ...rest } = status;
  return rest;
}

function noteEnd(
  vm: VirtualMachine,
  status: VirtualMachineStatus,
  domain: ObservedDomain | undefined,
  now: number,
): VirtualMachineStatus {
  const { startedAt, startedDefinition: _definition, shutdownRequestedAt, ...rest } = status;
  const ended = shutdownRequestedAt === undefined ? endOfStartOverride(vm, rest, domain) : rest;
  if (startedAt === undefined || shutdownRequestedAt !== undefined) return ended;
  const ranMs = now - parseTime(startedAt);
  if (ranMs >= stableRunMs) return ended;
  const how = domain === undefined ? "its domain vanished" : `its domain is shut off (${domain.reason})`;
  const message = `it ended ${Math.max(0, Math.round(ranMs / 1000))} s after its start: ${how}`;
  return { ...ended, startFailure: runEndedEarly(status.startFailure, message, now) };
}

/** A start asked for by hand is done when the guest ends, where the strategy would not start it again. */
function endOfStartOverride(
  vm: VirtualMachine,
  status: VirtualMachineStatus,
  domain: ObservedDomain | undefined,
): VirtualMachineStatus {
  if (status.runOverride?.action !== "Start") return status;
  const { runOverride: _done, ...rest } = status;
  if (vm.spec.runStrategy === "Manual") return rest;
  const completed = vm.spec.runStrategy === "RerunOnFailure" && runEnd(domain, true) === "GuestShutdown";
  return completed ? rest : status;
}

/** After a start: a new run begins, with this definition. A restart that was asked for has happened. */
export function noteStarted(
  status: VirtualMachineStatus,
  definitionHash: string,
  now: number,
): VirtualMachineStatus {
  const { restartRequest: _done, shutdownRequestedAt: _past, ...rest } = status;
  return { ...rest, started: true, startedAt: formatTime(now), startedDefinition: definitionHash };
}

/** After we asked or forced the guest to end: the grace period counts from the first time. */
export function noteShutdownRequested(status: VirtualMachineStatus, now: number): VirtualMachineStatus {
  return status.shutdownRequestedAt === undefined
    ? { ...status, shutdownRequestedAt: formatTime(now) }
    : status;
}
