import { messageOf } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { Action } from "./actions.ts";
import type { RecordEvent } from "./context.ts";
import type { Outcome } from "./execute.ts";

interface Tale {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
}

/** One log line per step that changed something; events for what a person should know of. */
export function tell(
  vm: VirtualMachine,
  { done, failed }: Outcome,
  record: RecordEvent,
  logger: Logger,
): void {
  const host = vm.status?.hostName;
  for (const action of done) {
    logger.info("step done", { step: action.type, host, because: action.because });
    const tale = taleOf(action, vm);
    if (tale !== undefined) record(vm, tale.type, tale.reason, action.because);
  }
  if (failed === undefined) return;
  const error = messageOf(failed.error);
  logger.warn("step failed", { step: failed.action.type, host, error });
  record(vm, "Warning", `Failed${failed.action.type}`, error);
}

/** A first start in the normal course is told by the status alone; what deviates from it gets an event. */
function taleOf(action: Action, vm: VirtualMachine): Tale | undefined {
  if (vm.metadata.deletionTimestamp !== undefined && action.type !== "DestroyDomain") return undefined;
  const again = vm.status?.started === true;
  switch (action.type) {
    case "StartDomain":
      return again ? againTale(vm) : undefined;
    case "ResumeDomain":
      return { type: "Warning", reason: "Resumed" };
    case "DestroyDomain":
      return { type: "Warning", reason: "ForcedOff" };
    case "ShutdownDomain":
      return vm.status?.shutdownRequestedAt === undefined
        ? { type: "Normal", reason: "ShuttingDown" }
        : undefined;
    case "AttachVolume":
      return { type: "Normal", reason: "VolumeAttached" };
    case "DetachVolume":
      return hasBeenAsked(vm, action.volume.volume)
        ? undefined
        : { type: "Normal", reason: "VolumeDetaching" };
    case "DefineDomain":
      return again ? { type: "Normal", reason: "Redefined" } : undefined;
    default:
      return undefined;
  }
}

/** A start that somebody has asked for, or that follows a rest which was meant, is no reason to worry. */
function againTale({ status }: VirtualMachine): Tale {
  if (status?.restartRequest !== undefined) return { type: "Normal", reason: "Restarted" };
  const wasMeantToRest = status?.printableStatus === "Stopped";
  return wasMeantToRest ? { type: "Normal", reason: "Started" } : { type: "Warning", reason: "Restarted" };
}

function hasBeenAsked({ status }: VirtualMachine, volume: string): boolean {
  const record = status?.attachedVolumes?.find((attached) => attached.volume === volume);
  return record?.detachRequestedAt !== undefined;
}
