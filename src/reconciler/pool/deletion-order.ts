import { parseTime } from "../../runtime/clock.ts";
import { findCondition } from "../../schema/conditions.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { deletionCostAnnotation } from "../../schema/virtual-machine-pool.ts";
import { isReady } from "./members.ts";

/** What the order looks at, the smaller the sooner it goes. */
type Rank = readonly (number | string)[];

/**
 * The members, those that are missed least first. ReplicaSet's order: without a host, not yet started, not
 * ready, cheaper by the annotation, on a host with more other members, ready for the shortest time, failed to
 * start more often, youngest. The name decides what is left, so that the order never depends on chance.
 */
export function inDeletionOrder(members: readonly VirtualMachine[]): readonly VirtualMachine[] {
  const onHost = Map.groupBy(members, ({ status }) => status?.hostName ?? "");
  const ranked = members.map((vm) => {
    const siblings = onHost.get(vm.status?.hostName ?? "")?.length ?? 0;
    return { vm, rank: rankOf(vm, siblings) };
  });
  return ranked.sort((a, b) => compare(a.rank, b.rank)).map(({ vm }) => vm);
}

function rankOf(vm: VirtualMachine, siblings: number): Rank {
  const { metadata, status } = vm;
  const ready = isReady(vm);
  return [
    status?.hostName === undefined ? 0 : 1,
    phaseRank(vm),
    ready ? 1 : 0,
    deletionCost(vm),
    -siblings,
    ready ? -timeOf(findCondition(status?.conditions, "Ready")?.lastTransitionTime) : 0,
    -(status?.startFailure?.consecutiveFailCount ?? 0),
    -timeOf(metadata.creationTimestamp),
    metadata.name,
  ];
}

function phaseRank({ status }: VirtualMachine): number {
  switch (status?.printableStatus) {
    case "Running":
    case "Paused":
    case "Stopping":
    case "Migrating":
      return 2;
    case "Unknown":
      return 1;
    default:
      return 0;
  }
}

/** What is no whole number counts as not given. */
function deletionCost({ metadata }: VirtualMachine): number {
  const text = metadata.annotations?.[deletionCostAnnotation] ?? "";
  return /^[+-]?\d{1,9}$/.test(text) ? Number(text) : 0;
}

function timeOf(text: string | null | undefined): number {
  return text ? parseTime(text) : 0;
}

function compare(a: Rank, b: Rank): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined || left === right) continue;
    return left < right ? -1 : 1;
  }
  return 0;
}
