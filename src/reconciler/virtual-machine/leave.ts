import { formatTime } from "../../runtime/clock.ts";
import { hasReason, messageOf } from "../../runtime/errors.ts";
import type { Decision } from "../../schema/decision.ts";
import type { Departure } from "../../schema/departure.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import type { Placer } from "./context.ts";
import { noteDecision } from "./decisions.ts";
import { uidOf } from "./desired.ts";
import type { Failed } from "./remember.ts";

/** So many hosts are tried, one after another; the last one is tried again and again. */
const hostsMax = 3;

/** Steps that fail for reasons of the host, when they fail for certain. */
const hostSteps: ReadonlySet<string> = new Set(["EnsureVolume", "DefineDomain", "StartDomain"]);

/** Whether the step failed for certain, and for a reason of the host, not of the machine or of others. */
export function isHostFailure({ action, error }: Failed): boolean {
  return (
    hostSteps.has(action.type) &&
    !hasReason(error, "OutcomeUnknown") &&
    !hasReason(error, "HostUnreachable") &&
    !hasReason(error, "OwnershipConflict")
  );
}

/**
 * The status after a step that failed: a machine that has never run, so that nothing on its disks can be
 * lost, is to leave a host that cannot start it, if another one can take it now. One with Volumes would only
 * come back.
 */
export function noteLeaving(
  vm: VirtualMachine,
  status: VirtualMachineStatus,
  failed: Failed,
  placer: Pick<Placer, "hasAlternative">,
  now: number,
): VirtualMachineStatus {
  const { hostName, failedHosts = [] } = status;
  if (hostName === undefined || status.leaving !== undefined || !isHostFailure(failed)) return status;
  if (hasRun(status) || vm.spec.disks.some(({ volume }) => volume !== undefined)) return status;
  if (failedHosts.length + 1 >= hostsMax) return status;
  if (!placer.hasAlternative(uidOf(vm), [...failedHosts, hostName])) return status;
  const message = `it could not be started on host "${hostName}": ${messageOf(failed.error)}`.slice(0, 2048);
  return { ...status, leaving: { reason: "StartFailed", since: formatTime(now), message } };
}

function hasRun({ started, startedAt, lastRunEnd }: VirtualMachineStatus): boolean {
  return started === true || startedAt !== undefined || lastRunEnd !== undefined;
}

/**
 * The status of a machine of which nothing is left on its host, as was seen after it was to leave: it is to
 * get another one. The proof stands in the same write that gives the host up.
 */
export function withoutHost(
  status: VirtualMachineStatus,
  sequence: number,
  now: number,
): VirtualMachineStatus {
  const {
    hostName = "",
    hostUuid,
    allocated: _allocated,
    volumes: _volumes,
    bootContents: _contents,
    domain: _domain,
    startFailure: _failure,
    leaving,
    failedHosts = [],
    ...rest
  } = status;
  const decision: Decision = {
    sequence,
    time: formatTime(now),
    type: leaving?.reason ?? "StartFailed",
    policy: status.decisions?.[0]?.policy ?? "",
    message: leaving?.message ?? "",
    hosts: 0,
    feasible: 0,
  };
  const departure: Departure = {
    proof: "ObservedAbsent",
    hostName,
    ...(hostUuid === undefined ? {} : { hostUuid }),
    epoch: status.placementEpoch ?? 0,
    at: formatTime(now),
    message: `nothing of it is left on host "${hostName}"; ${decision.message}`.slice(0, 2048),
  };
  const failed = leaving?.reason === "Preempted" ? failedHosts : [...failedHosts, hostName].slice(-hostsMax);
  const failedOn = failed.length === 0 ? {} : { failedHosts: failed };
  return noteDecision({ ...rest, ...failedOn, departure }, decision);
}
