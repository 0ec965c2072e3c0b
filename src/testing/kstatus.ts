import { isRecord } from "../schema/plain.ts";

/** What tools that wait for objects, such as kpt and Flux, take an object for. */
export type KStatus = "Terminating" | "InProgress" | "Failed" | "Current" | "NotFound";

/**
 * The decisions of sigs.k8s.io/cli-utils' kstatus for a kind that it does not know by name, in its order and
 * by its rules, written down anew from their description.
 */
export function kstatusOf(object: unknown): KStatus {
  if (!isRecord(object)) return "NotFound";
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  if (metadata.deletionTimestamp !== undefined) return "Terminating";
  const status = isRecord(object.status) ? object.status : {};
  if (status.observedGeneration !== undefined && status.observedGeneration !== metadata.generation) {
    return "InProgress";
  }
  const conditions: readonly unknown[] = Array.isArray(status.conditions) ? status.conditions : [];
  const saidOf = (type: string): unknown =>
    conditions.filter(isRecord).find((condition) => condition.type === type)?.status;
  if (saidOf("Reconciling") === "True") return "InProgress";
  if (saidOf("Stalled") === "True") return "Failed";
  const ready = saidOf("Ready");
  if (ready === undefined || ready === "True") return "Current";
  return "InProgress";
}
