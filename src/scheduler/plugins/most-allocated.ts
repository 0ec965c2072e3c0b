import type { ScorePlugin } from "../framework.ts";

/** Prefers the host of whose resources the largest share is promised already: fills one before the next. */
export const mostAllocated: ScorePlugin = {
  name: "MostAllocated",
  prepare(_request, { hosts, amounts }, { resourceWeights: weights }) {
    const {
      promisedCpus,
      promisedMemory,
      promisedDisk,
      allocatableCpus,
      allocatableMemory,
      allocatableDisk,
    } = hosts.columns;
    const sum = weights.cpus + weights.memory + weights.disk;
    const points = amounts.column(
      `MostAllocated ${weights.cpus} ${weights.memory} ${weights.disk}`,
      (rows, count, values) => {
        for (let index = 0; index < count; index += 1) {
          const row = rows[index] ?? 0;
          const taken =
            weights.cpus * share(promisedCpus[row] ?? 0, allocatableCpus[row] ?? 0) +
            weights.memory * share(promisedMemory[row] ?? 0, allocatableMemory[row] ?? 0) +
            weights.disk * share(promisedDisk[row] ?? 0, allocatableDisk[row] ?? 0);
          values[row] = (100 * taken) / sum;
        }
      },
    );
    return { values: () => points };
  },
};

function share(part: number, whole: number): number {
  if (whole <= 0) return 0;
  return part >= whole ? 1 : part / whole;
}
