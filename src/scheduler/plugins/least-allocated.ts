import type { ScorePlugin } from "../framework.ts";

/** Prefers the host that would have the largest share of CPUs and memory left: spreads machines. */
export const leastAllocated: ScorePlugin = {
  name: "LeastAllocated",
  score({ resources }, { allocatable, allocated }) {
    const cpus = freeShare(allocatable.cpus, allocated.cpus + resources.cpus);
    const memory = freeShare(allocatable.memoryBytes, allocated.memoryBytes + resources.memoryBytes);
    return (100 * (cpus + memory)) / 2;
  },
};

function freeShare(total: number, used: number): number {
  return total <= 0 ? 0 : Math.max(0, (total - used) / total);
}
