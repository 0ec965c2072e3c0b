import type { PoolStatus } from "../../schema/host.ts";

const leastMovementBytes = 2 ** 30;
const leastMovementShare = 0.02;

/**
 * Pools as a status should tell of them: what was written stands until something moved noticeably, by a
 * gigabyte and by a fiftieth of the pool, so that a host at work is not a stream of writes.
 */
export function settledPools(written: readonly PoolStatus[], seen: readonly PoolStatus[]): PoolStatus[] {
  return seen.map((pool) => {
    const before = written.find(({ name }) => name === pool.name);
    return before !== undefined && isSettled(before, pool) ? before : { ...pool };
  });
}

function isSettled(before: PoolStatus, now: PoolStatus): boolean {
  if (before.capacityBytes !== now.capacityBytes) return false;
  const noticeable = Math.max(leastMovementBytes, now.capacityBytes * leastMovementShare);
  const moved = Math.max(
    Math.abs(before.allocatedBytes - now.allocatedBytes),
    Math.abs(before.availableBytes - now.availableBytes),
  );
  return moved < noticeable;
}
