import type { PlacementRequest } from "../../scheduler/request.ts";
import type { PlacedMachine } from "../../scheduler/snapshot.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";

/** A machine that is to get a host, and its place in the queue. */
export interface Turn {
  readonly request: PlacementRequest;
  /** The revision at which it came into the queue: earlier ones come first among those of one priority. */
  readonly revision: number;
  /**
   * What is written down that it has, which it keeps while it asks. Whatever else was promised to it is void:
   * it was not written, or a write that gave it up was made without anybody hearing of it.
   */
  readonly placed?: PlacedMachine;
}

/** The highest priority first; of one priority, who came first. */
export function compareTurns(a: Turn, b: Turn): number {
  return b.request.priority - a.request.priority || a.revision - b.revision;
}

/** Where a machine stands in the queue: as was written down, else at the end, as of its last write. */
export function queuedRevision({ metadata, status }: Pick<VirtualMachine, "metadata" | "status">): string {
  return status?.queuedRevision ?? metadata.resourceVersion ?? "0";
}

/**
 * Machines of one kind are refused for the same reasons. Undefined for one whose chances change with each
 * other machine that is placed.
 */
export function kindOfTurn({ request }: Turn): string | undefined {
  const { uid: _uid, name: _name, ...rest } = request;
  return dependsOnOthers(request) ? undefined : JSON.stringify(rest);
}

/** Whether a host may come to suit the machine because another machine was placed. */
export function dependsOnOthers({ rules }: PlacementRequest): boolean {
  const { affinity, topologySpreadConstraints: spread = [] } = rules;
  return affinity?.machineAffinity !== undefined || spread.length > 0;
}
