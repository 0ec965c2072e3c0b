import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { VirtualMachinePool } from "../../schema/virtual-machine-pool.ts";
import { inDeletionOrder } from "./deletion-order.ts";
import { claimMembers, isActive } from "./members.ts";

/** What is known when a pool is looked at. */
export interface PoolInput {
  readonly pool: VirtualMachinePool;
  /** The machines of its namespace that are the pool's or nobody's, as the cache has them. */
  readonly machines: readonly VirtualMachine[];
  /** Whether the cache shows all that this controller has done. */
  readonly isCurrent: boolean;
  /** Uids of members whose deletion was asked for and not answered: if any must go, these. */
  readonly doubtfulDeletions?: ReadonlySet<string>;
}

/** What to do; every list may be empty. */
export interface PoolPlan {
  /** The members that count. */
  readonly active: readonly VirtualMachine[];
  readonly adopt: readonly VirtualMachine[];
  readonly release: readonly VirtualMachine[];
  readonly create: number;
  readonly delete: readonly VirtualMachine[];
}

/** So many are made or deleted in one go, as ReplicaSet does; the next look goes on. */
const burst = 500;

/**
 * What makes the pool what its spec says. Nobody is made or deleted while the cache may not show what was
 * done before, nor in a step in which a machine is taken over or let go, nor for a pool that is being
 * deleted.
 */
export function planPool({ pool, machines, isCurrent, doubtfulDeletions }: PoolInput): PoolPlan {
  const { members, adopt, release } = claimMembers(pool, machines);
  const active = members.filter(isActive);
  const claims = { active, adopt, release };
  const mayCount = isCurrent && adopt.length + release.length === 0;
  if (!mayCount || pool.metadata.deletionTimestamp !== undefined) return { ...claims, create: 0, delete: [] };
  const surplus = active.length - pool.spec.replicas;
  return {
    ...claims,
    create: Math.min(Math.max(0, -surplus), burst),
    delete: surplus <= 0 ? [] : leastMissed(active, doubtfulDeletions).slice(0, Math.min(surplus, burst)),
  };
}

function leastMissed(
  active: readonly VirtualMachine[],
  doubtful: ReadonlySet<string> = new Set(),
): readonly VirtualMachine[] {
  const isDoubtful = ({ metadata }: VirtualMachine): boolean => doubtful.has(metadata.uid ?? "");
  const inOrder = inDeletionOrder(active);
  return [...inOrder.filter(isDoubtful), ...inOrder.filter((vm) => !isDoubtful(vm))];
}
