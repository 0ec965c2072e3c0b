import { assertNever } from "../../runtime/errors.ts";
import { isTrue, type Progress } from "../../schema/conditions.ts";
import type { PrintableStatus } from "../../schema/virtual-machine.ts";
import type { BlockReason } from "./actions.ts";
import { pausedCause } from "./pause.ts";
import type { StatusInput } from "./status.ts";

type Input = Pick<StatusInput, "vm" | "memory" | "wanted" | "observed" | "plan" | "failure">;

/**
 * How far the machine is from what its spec asks for: Ready is that it runs or, where it should not, that it
 * is off. Whoever waits for a machine that should be off is not made to wait for ever.
 */
export function machineProgress(input: Input, word: PrintableStatus): Progress {
  const { plan, failure } = input;
  const blockedBy = plan.blockedBy;
  const isStuck = stalls(blockedBy?.reason) || wasStalled(input);
  const trouble = word === "Running" ? (failure ?? blockedBy?.message) : (blockedBy?.message ?? failure);
  if (word === "Running") {
    const message =
      trouble === undefined ? "the domain is running" : `the domain is running, but: ${trouble}`;
    const now = isStuck ? "Stalled" : isBusy(input) ? "Reconciling" : undefined;
    return { ready: "True", now, reason: "Running", message };
  }
  if (word === "Stopped" && input.wanted !== "Running" && trouble === undefined) return atRest(input);
  return {
    ready: word === "Unknown" ? "Unknown" : "False",
    now: isStuck ? "Stalled" : "Reconciling",
    reason: blockedBy?.reason ?? word,
    message: trouble ?? pausedCause(input.memory, input.observed?.domain)?.message ?? "",
  };
}

/** It is off and nobody wants it to run. */
function atRest(input: Input): Progress {
  const { vm, memory, wanted } = input;
  if (isBusy(input)) return { ready: "False", now: "Reconciling", reason: "Stopped", message: "" };
  if (wanted === "Stopped")
    return { ready: "True", reason: "Stopped", message: "it is off, as it should be" };
  const hasRun = memory.started === true;
  if (!hasRun || vm.spec.runStrategy === "Manual") {
    return { ready: "True", reason: "Stopped", message: "it is off until somebody starts it" };
  }
  if (memory.lastRunEnd === "GuestShutdown") {
    return { ready: "True", reason: "Completed", message: "its guest has shut itself down" };
  }
  if (memory.lastRunEnd === "Failure") {
    const message = "its one run has failed; it is not started again: delete it and create it anew to run it";
    return { ready: "False", now: "Stalled", reason: "RunFailed", message };
  }
  // Between writing down that the one run begins and seeing it the controller has died.
  const message =
    "its one run may have begun when the controller ended; it is not started again: " +
    "delete it and create it anew to run it";
  return { ready: "Unknown", now: "Stalled", reason: "MayHaveRun", message };
}

function isBusy({ plan, failure }: Input): boolean {
  return plan.actions.length > 0 || plan.blockedBy !== undefined || failure !== undefined;
}

/** Of a machine that cannot be seen, what was last said stands. */
function wasStalled({ observed, memory }: Input): boolean {
  return observed === undefined && isTrue(memory.conditions, "Stalled");
}

/** Whether only a change of the object, or of something it names, can mend it. */
function stalls(reason: BlockReason["reason"] | undefined): boolean {
  switch (reason) {
    case "Conflict":
    case "DiskTooSmall":
    case "ImageNotADisk":
    case "ImageNotFound":
    case "InstanceTypeNotFound":
    case "PlacementPolicyNotFound":
    case "PriorityClassNotFound":
    case "VolumeMissing":
    case "VolumeNotFound":
      return true;
    case "CrashLoopBackOff":
    case "HostNotReady":
    case "HostUnreachable":
    case "ImageNotReady":
    case "Paused":
    case "Preempted":
    case "Unschedulable":
    case "VolumeInUse":
    case "VolumeNotReady":
    case undefined:
      return false;
    default:
      return assertNever(reason);
  }
}
