import type { ObservedDomain } from "../../drivers/driver.ts";
import { formatTime, parseTime } from "../../runtime/clock.ts";
import { graceSecondsOf } from "../../schema/grace-period.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { formatTimeUp, runEndedEarly, stableRunMs } from "./backoff.ts";
import { definitionHash } from "./desired.ts";
import { notePause } from "./pause.ts";
import { isActive, runEnd, wantedState } from "./run-strategy.ts";

/**
 * What a machine's status must remember because the host does not: when the present run began, how the last
 * one ended, how often it failed, what a person asked for. Each function returns the status after one
 * observation or one deed, the same reference when it says the same.
 */

/**
 * After a look at the host: a run is opened, closed or found stable, and the grace period of a guest that
 * should stop begins.
 */
export function noteObserved(
  vm: VirtualMachine,
  domain: ObservedDomain | undefined,
  now: number,
): VirtualMachineStatus {
  const status = notePause(dropOverruled(vm, dropStaleOverride(vm), domain), domain);
  if (domain === undefined || !isActive(domain)) {
    const ended =
      status.startedAt === undefined && status.shutdownRequestedAt === undefined
        ? status
        : noteEnd(vm, status, domain, now);
    return noteHalted(vm, ended, domain);
  }
  return noteShutdown(vm, noteRunning(noteSetBack(status, now), domain, now), domain, now);
}

/** A domain that runs has been started, whoever wrote that down or died before. */
function noteRunning(
  status: VirtualMachineStatus,
  domain: ObservedDomain,
  now: number,
): VirtualMachineStatus {
  if (status.startedAt === undefined) {
    const rest = beginRun(status);
    const definition =
      domain.definition === undefined ? {} : { startedDefinition: definitionHash(domain.definition) };
    return { ...rest, started: true, startedAt: formatTime(now), ...definition };
  }
  if (status.startFailure === undefined || now - parseTime(status.startedAt) < stableRunMs) return status;
  const { startFailure: _mended, ...rest } = status;
  return rest;
}

/**
 * What was written by a clock that has been set back since counts from now: that a guest was asked to shut
 * down, whose grace period would last until the clock is there again, and when a run began that makes old
 * failures forgotten if it lasts.
 */
function noteSetBack(status: VirtualMachineStatus, now: number): VirtualMachineStatus {
  const { shutdownRequestedAt, startedAt, startFailure } = status;
  const isAsked = isAhead(shutdownRequestedAt, now);
  const isBegun = startFailure !== undefined && isAhead(startedAt, now);
  if (!isAsked && !isBegun) return status;
  return {
    ...status,
    ...(isAsked && { shutdownRequestedAt: formatTimeUp(now) }),
    ...(isBegun && { startedAt: formatTime(now) }),
  };
}

/** Times are written in whole seconds, some of them rounded up. */
function isAhead(time: string | undefined, now: number): boolean {
  return time !== undefined && parseTime(time) > now + 1_000;
}

/** The grace period counts from when the guest was first found running although it should stop. */
function noteShutdown(
  vm: VirtualMachine,
  status: VirtualMachineStatus,
  domain: ObservedDomain,
  now: number,
): VirtualMachineStatus {
  if (shouldStop({ ...vm, status }, domain)) {
    return status.shutdownRequestedAt === undefined
      ? { ...status, shutdownRequestedAt: formatTimeUp(now) }
      : status;
  }
  if (status.shutdownRequestedAt === undefined) return status;
  const { shutdownRequestedAt, ...rest } = status;
  // It is to run again, but has been asked to shut down and may yet obey.
  const graceMs = graceSecondsOf(vm) * 1000;
  return now - parseTime(shutdownRequestedAt) < graceMs ? status : rest;
}

function shouldStop(vm: VirtualMachine, domain: ObservedDomain): boolean {
  const wanted = wantedState(vm, domain);
  const { restartRequest, preempted } = vm.status ?? {};
  if (wanted === "Running") return restartRequest !== undefined || preempted !== undefined;
  return wanted === "Stopped" || wanted === "Gone";
}

/** An override that was made under another run strategy no longer counts. */
function dropStaleOverride({ spec, status = {} }: VirtualMachine): VirtualMachineStatus {
  if (status.runOverride === undefined || status.runOverride.runStrategy === spec.runStrategy) return status;
  const { runOverride: _stale, ...rest } = status;
  return rest;
}

/** A restart that was asked for before the machine was stopped for good, or that is not allowed any more. */
function dropOverruled(
  vm: VirtualMachine,
  status: VirtualMachineStatus,
  domain: ObservedDomain | undefined,
): VirtualMachineStatus {
  if (status.restartRequest === undefined) return status;
  const overruled = vm.spec.runStrategy === "Once" || wantedState({ ...vm, status }, domain) === "Stopped";
  if (!overruled) return status;
  const { restartRequest: _overruled, ...rest } = status;
  return rest;
}

function noteEnd(
  vm: VirtualMachine,
  status: VirtualMachineStatus,
  domain: ObservedDomain | undefined,
  now: number,
): VirtualMachineStatus {
  const { startedAt, startedDefinition: _definition, shutdownRequestedAt, ...rest } = status;
  if (startedAt === undefined) return rest;
  const closed = { ...rest, lastRunEnd: runEnd(domain) };
  if (shutdownRequestedAt !== undefined) return closed;
  const ended = endOfStartOverride(vm, closed);
  const ranMs = now - parseTime(startedAt);
  // How long it ran cannot be told where the clock was set back meanwhile.
  const isEarly = ranMs < stableRunMs && !isAhead(startedAt, now);
  if (!isEarly || wantedState({ ...vm, status: ended }, domain) !== "Running") return ended;
  const how = domain === undefined ? "its domain vanished" : `its domain is shut off (${domain.reason})`;
  const message = `it ended ${Math.max(0, Math.round(ranMs / 1000))} s after its start: ${how}`;
  return { ...ended, startFailure: runEndedEarly(status.startFailure, message, now) };
}

/** A machine that has been halted is as new: under another strategy it may have its first start again. */
function noteHalted(
  vm: VirtualMachine,
  status: VirtualMachineStatus,
  domain: ObservedDomain | undefined,
): VirtualMachineStatus {
  const isHalted = vm.spec.runStrategy === "Halted" && wantedState({ ...vm, status }, domain) === "Stopped";
  if (!isHalted) return status;
  const { started, lastRunEnd, startFailure, ...rest } = status;
  const isAsNew = started === undefined && lastRunEnd === undefined && startFailure === undefined;
  return isAsNew ? status : rest;
}

/** A start asked for by hand is done when the guest ends, where the strategy would not start it again. */
function endOfStartOverride({ spec }: VirtualMachine, status: VirtualMachineStatus): VirtualMachineStatus {
  const { runOverride, ...rest } = status;
  if (runOverride?.action !== "Start") return status;
  if (spec.runStrategy === "Manual") return rest;
  return spec.runStrategy === "RerunOnFailure" && status.lastRunEnd === "GuestShutdown" ? rest : status;
}

/** Volumes that have been seen on the host: should one be missing later, data is lost. */
export function noteVolumes(
  status: VirtualMachineStatus,
  volumes: ReadonlyMap<string, unknown>,
): VirtualMachineStatus {
  const isNews = ({ made, volume }: { readonly made?: boolean; readonly volume: string }) =>
    made !== true && volumes.has(volume);
  if (status.volumes?.some(isNews) !== true) return status;
  return {
    ...status,
    volumes: status.volumes.map((entry) => (isNews(entry) ? { ...entry, made: true } : entry)),
  };
}

/** After a start: a new run begins, with this definition. A restart that was asked for has happened. */
export function noteStarted(
  status: VirtualMachineStatus,
  definitionHash: string,
  now: number,
): VirtualMachineStatus {
  const { shutdownRequestedAt: _over, ...rest } = beginRun(status);
  return { ...rest, started: true, startedAt: formatTime(now), startedDefinition: definitionHash };
}

/** The run that a restart was asked for, and the search for a host, are over. */
function beginRun(status: VirtualMachineStatus): VirtualMachineStatus {
  const { restartRequest: _done, lastRunEnd: _past, leaving: _stays, failedHosts: _left, ...rest } = status;
  return rest;
}

/** After a volume of the machine was removed. */
export function noteDeleted(status: VirtualMachineStatus, volume: string): VirtualMachineStatus {
  const { volumes = [], ...rest } = status;
  const left = volumes.filter((entry) => entry.volume !== volume);
  return left.length === 0 ? rest : { ...rest, volumes: left };
}
