import type { ObservedDomain } from "../../drivers/driver.ts";
import { formatTime } from "../../runtime/clock.ts";
import { assertNever } from "../../runtime/errors.ts";
import {
  type NewCondition,
  noneAhead,
  removeCondition,
  setCondition,
  setProgress,
} from "../../schema/conditions.ts";
import type { Condition } from "../../schema/meta.ts";
import type { PrintableStatus, VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import type { Plan } from "./actions.ts";
import { definitionHash } from "./desired.ts";
import { pausedCause } from "./pause.ts";
import type { Desired, ObservedMachine } from "./plan-input.ts";
import { machineProgress } from "./readiness.ts";
import { isActive, type Wanted } from "./run-strategy.ts";
import { volumesCondition } from "./volume-condition.ts";

/** Everything a status is computed from. */
export interface StatusInput {
  readonly vm: VirtualMachine;
  /** The status so far, with what `memory.ts` noted in this pass. */
  readonly memory: VirtualMachineStatus;
  readonly wanted: Wanted;
  /** Undefined: the host cannot be asked, or the machine has none. */
  readonly observed: ObservedMachine | undefined;
  readonly desired: Desired | undefined;
  /** What is left to do. */
  readonly plan: Plan;
  /** Why the last step failed, if it did. */
  readonly failure?: string;
  readonly now: number;
}

/** The status that tells what is seen: the memory itself when it tells that already. */
export function machineStatus(input: StatusInput): VirtualMachineStatus {
  const { vm, memory, observed } = input;
  const observedGeneration = vm.metadata.generation ?? 0;
  const word = printableStatus(input);
  const list = conditions(input);
  const isTold =
    memory.observedGeneration === observedGeneration &&
    memory.printableStatus === word &&
    memory.conditions === list;
  const status = isTold
    ? memory
    : { ...memory, observedGeneration, printableStatus: word, conditions: [...list] };
  return observed === undefined ? status : withDomain(status, observed.domain);
}

function withDomain(status: VirtualMachineStatus, found: ObservedDomain | undefined): VirtualMachineStatus {
  if (found !== undefined) {
    const { domainName: name, state, reason } = found;
    const { domain } = status;
    if (domain?.name === name && domain.state === state && domain.reason === reason) return status;
    return { ...status, domain: { name, state, reason } };
  }
  if (status.domain === undefined) return status;
  const { domain: _gone, ...rest } = status;
  return rest;
}

/** The word that `get` shows; KubeVirt's words with KubeVirt's meaning. */
export function printableStatus({ wanted, observed, plan, memory }: StatusInput): PrintableStatus {
  if (wanted === "Gone") return "Terminating";
  if (plan.blockedBy?.reason === "HostUnreachable") return "Unknown";
  const domain = observed?.domain;
  if (domain === undefined || !isActive(domain)) return inactiveStatus(wanted, plan);
  const stopping = wanted === "Stopped" || memory.shutdownRequestedAt !== undefined;
  switch (domain.state) {
    case "paused":
    case "pmsuspended":
      return "Paused";
    case "shutdown":
      return "Stopping";
    case "crashed":
      return "Starting";
    case "running":
    case "blocked":
    case "nostate":
    case "shutoff":
      return stopping ? "Stopping" : "Running";
    default:
      return assertNever(domain.state);
  }
}

function inactiveStatus(wanted: Wanted, plan: Plan): PrintableStatus {
  if (wanted !== "Running") return "Stopped";
  const reason = plan.blockedBy?.reason;
  switch (reason) {
    case "Preempted":
    case "Unschedulable":
      return "ErrorUnschedulable";
    case "ImageNotADisk":
    case "ImageNotFound":
    case "ImageNotReady":
      return "ErrImagePull";
    case "CrashLoopBackOff":
      return "CrashLoopBackOff";
    case "HostUnreachable":
      return "Unknown";
    case "Conflict":
    case "DiskTooSmall":
    case "InstanceTypeNotFound":
    case "Paused":
    case "PlacementPolicyNotFound":
    case "PriorityClassNotFound":
    case "VolumeInUse":
    case "VolumeMissing":
    case "VolumeNotFound":
      return "Stopped";
    case "HostNotReady":
    case "VolumeNotReady":
      return "Starting";
    case undefined:
      return plan.actions.some((action) => action.type === "EnsureContent" || action.type === "EnsureVolume")
        ? "Provisioning"
        : "Starting";
    default:
      return assertNever(reason);
  }
}

function conditions(input: StatusInput): readonly Condition[] {
  const { vm, memory, plan, observed, now } = input;
  const time = formatTime(now);
  const observedGeneration = vm.metadata.generation ?? 0;
  const set = (list: readonly Condition[], condition: Omit<NewCondition, "observedGeneration">) =>
    setCondition(list, { ...condition, observedGeneration }, time);
  const flag = (
    list: readonly Condition[],
    type: string,
    cause: { reason: string; message: string } | undefined,
  ) => (cause === undefined ? removeCondition(list, type) : set(list, { type, status: "True", ...cause }));

  let list = noneAhead(memory.conditions ?? [], time);
  const scheduled = scheduledCondition(memory, plan);
  if (scheduled !== undefined) list = set(list, scheduled);
  list = setProgress(list, machineProgress(input, printableStatus(input)), { observedGeneration, time });
  // Of a machine that cannot be seen, what was last said stands.
  if (observed === undefined) return list;
  list = flag(list, "Paused", pausedCause(memory, observed.domain));
  list = flag(list, "RestartRequired", restartCause(input));
  const volumes = volumesCondition(input);
  list = volumes === undefined ? removeCondition(list, "VolumesAttached") : set(list, volumes);
  return flag(list, "Conflict", plan.blockedBy?.reason === "Conflict" ? plan.blockedBy : undefined);
}

function scheduledCondition(
  memory: VirtualMachineStatus,
  plan: Plan,
): Omit<NewCondition, "observedGeneration"> | undefined {
  if (memory.hostName !== undefined) {
    const message = `placed on host "${memory.hostName}"`;
    return { type: "Scheduled", status: "True", reason: "Placed", message };
  }
  return plan.blockedBy === undefined ? undefined : { type: "Scheduled", status: "False", ...plan.blockedBy };
}

/** Set when the guest runs with another definition than the spec now asks for. */
function restartCause({
  memory,
  observed,
  desired,
  vm,
}: StatusInput): { reason: string; message: string } | undefined {
  if (desired?.type !== "resolved" || !isActive(observed?.domain)) return undefined;
  if (vm.metadata.deletionTimestamp !== undefined || memory.startedDefinition === undefined) return undefined;
  const smaller = desired.machine.disks.filter(
    ({ spec }) =>
      (observed?.volumes.get(spec.volume)?.capacityBytes ?? spec.capacityBytes) < spec.capacityBytes,
  );
  if (memory.startedDefinition === definitionHash(desired.definition) && smaller.length === 0)
    return undefined;
  return {
    reason: "SpecChanged",
    message: "the spec has changed since the guest was started; restart it to apply",
  };
}
