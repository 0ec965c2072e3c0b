import type { Decision } from "../../schema/decision.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";

const kept = 5;

/** The status with one more decision; the same reference when it says what the last one said. */
export function noteDecision(status: VirtualMachineStatus, decision: Decision): VirtualMachineStatus {
  const { decisions = [] } = status;
  const [last] = decisions;
  if (last?.type === "Unschedulable" && decision.type === last.type && decision.message === last.message) {
    return status;
  }
  return { ...status, decisions: [decision, ...decisions].slice(0, kept) };
}
