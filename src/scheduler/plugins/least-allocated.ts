import type { ScorePlugin } from "../framework.ts";

/** Prefers the host that would have the largest share of its resources left: spreads machines. */
export const leastAllocated: ScorePlugin = {
  name: "LeastAllocated",
  prepare({ resources }, { hosts, amounts }, { resourceWeights }) {
    const { freeCpus, freeMemory, freeDisk, allocatableCpus, allocatableMemory, allocatableDisk } =
      hosts.columns;
    const { cpus, memoryBytes, diskBytes } = resources;
    const weights = resourceWeights;
    const sum = weights.cpus + weights.memory + weights.disk;
    const points = amounts.column(
      `LeastAllocated ${cpus} ${memoryBytes} ${diskBytes} ${weights.cpus} ${weights.memory} ${weights.disk}`,
      (rows, count, values) => {
        for (let index = 0; index < count; index += 1) {
          const row = rows[index] ?? 0;
          const left =
            weights.cpus * share((freeCpus[row] ?? 0) - cpus, allocatableCpus[row] ?? 0) +
            weights.memory * share((freeMemory[row] ?? 0) - memoryBytes, allocatableMemory[row] ?? 0) +
            weights.disk * share((freeDisk[row] ?? 0) - diskBytes, allocatableDisk[row] ?? 0);
          values[row] = (100 * left) / sum;
        }
      },
    );
    return { values: () => points };
  },
};

function share(part: number, whole: number): number {
  return whole <= 0 || part <= 0 ? 0 : part / whole;
}
