import type { ScorePlugin } from "../framework.ts";

/** Prefers the host of whose resources the largest share is promised already: fills one before the next. */
export const mostAllocated: ScorePlugin = {
  name: "MostAllocated",
  prepare(_request, { hosts }, { resourceWeights: weights }) {
    const {
      promisedCpus,
      promisedMemory,
      promisedDisk,
      allocatableCpus,
      allocatableMemory,
      allocatableDisk,
    } = hosts.columns;
    const sum = weights.cpus + weights.memory + weights.disk;
    return {
      score(rows, count, points) {
        for (let index = 0; index < count; index += 1) {
          const row = rows[index] ?? 0;
          const taken =
            weights.cpus * share(promisedCpus[row] ?? 0, allocatableCpus[row] ?? 0) +
            weights.memory * share(promisedMemory[row] ?? 0, allocatableMemory[row] ?? 0) +
            weights.disk * share(promisedDisk[row] ?? 0, allocatableDisk[row] ?? 0);
          points[index] = (100 * taken) / sum;
        }
      },
    };
  },
};

function share(part: number, whole: number): number {
  if (whole <= 0) return 0;
  return part >= whole ? 1 : part / whole;
}
