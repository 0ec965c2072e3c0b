import { findCondition } from "../../schema/conditions.ts";
import type { Host, HostStatus } from "../../schema/host.ts";
import type { RecordEvent } from "../virtual-machine/context.ts";

/** Tells that a host cannot be asked, or can be again, when that has changed. */
export function tellReachability(record: RecordEvent, host: Host, after: HostStatus): void {
  const before = findCondition(host.status?.conditions, "Unreachable");
  const now = findCondition(after.conditions, "Unreachable");
  const wasLost = before?.status === "True";
  if (now?.status === "True" && !wasLost) record(host, "Warning", "Unreachable", now.message);
  if (now?.status === "False" && wasLost)
    record(host, "Normal", "Reachable", `${now.message}; it had not since ${before.lastTransitionTime}`);
}
