import { findCondition } from "./conditions.ts";
import type { Host } from "./host.ts";

/** Why a Host is not Ready when another one stands for the same machine. */
export const duplicateReason = "DuplicateHost";

export function isDuplicate({ status }: Pick<Host, "status">): boolean {
  return findCondition(status?.conditions, "Ready")?.reason === duplicateReason;
}
