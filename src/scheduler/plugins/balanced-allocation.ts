import type { ScorePlugin } from "../framework.ts";

/**
 * Prefers hosts of whose CPUs, memory and disk about the same share would be taken: none is left over
 * alone.
 */
export const balancedAllocation: ScorePlugin = {
  name: "BalancedAllocation",
  prepare({ resources }, { hosts, amounts }) {
    const { freeCpus, freeMemory, freeDisk, allocatableCpus, allocatableMemory, allocatableDisk } =
      hosts.columns;
    const { cpus, memoryBytes, diskBytes } = resources;
    const points = amounts.column(
      `BalancedAllocation ${cpus} ${memoryBytes} ${diskBytes}`,
      (rows, count, values) => {
        for (let index = 0; index < count; index += 1) {
          const row = rows[index] ?? 0;
          const ofCpus = taken((freeCpus[row] ?? 0) - cpus, allocatableCpus[row] ?? 0);
          const ofMemory = taken((freeMemory[row] ?? 0) - memoryBytes, allocatableMemory[row] ?? 0);
          const ofDisk = taken((freeDisk[row] ?? 0) - diskBytes, allocatableDisk[row] ?? 0);
          values[row] = 100 * (1 - deviation(ofCpus, ofMemory, ofDisk));
        }
      },
    );
    return { values: () => points };
  },
};

/** The share that is not left. */
function taken(left: number, whole: number): number {
  if (whole <= 0 || left >= whole) return 0;
  return left <= 0 ? 1 : 1 - left / whole;
}

/** The standard deviation. */
function deviation(a: number, b: number, c: number): number {
  const mean = (a + b + c) / 3;
  return Math.sqrt(((a - mean) * (a - mean) + (b - mean) * (b - mean) + (c - mean) * (c - mean)) / 3);
}
