import type { ScorePlugin, ShapePoint } from "../framework.ts";

/** Points by a curve over the share of its resources that would be taken. */
export const requestedToCapacityRatio: ScorePlugin = {
  name: "RequestedToCapacityRatio",
  prepare({ resources }, { hosts, amounts }, { resourceWeights: weights, shape }) {
    const { freeCpus, freeMemory, freeDisk, allocatableCpus, allocatableMemory, allocatableDisk } =
      hosts.columns;
    const { cpus, memoryBytes, diskBytes } = resources;
    const sum = weights.cpus + weights.memory + weights.disk;
    const key = `Ratio ${cpus} ${memoryBytes} ${diskBytes} ${JSON.stringify([weights, shape])}`;
    const points = amounts.column(key, (rows, count, values) => {
      for (let index = 0; index < count; index += 1) {
        const row = rows[index] ?? 0;
        const total =
          weights.cpus * curve(shape, taken((freeCpus[row] ?? 0) - cpus, allocatableCpus[row] ?? 0)) +
          weights.memory *
            curve(shape, taken((freeMemory[row] ?? 0) - memoryBytes, allocatableMemory[row] ?? 0)) +
          weights.disk * curve(shape, taken((freeDisk[row] ?? 0) - diskBytes, allocatableDisk[row] ?? 0));
        values[row] = total / sum;
      }
    });
    return { values: () => points };
  },
};

/** The percentage that is not left; of nothing everything is taken. */
function taken(left: number, whole: number): number {
  if (whole <= 0 || left <= 0) return 100;
  return left >= whole ? 0 : 100 * (1 - left / whole);
}

/** Straight lines between the points, level before the first and after the last. */
export function curve(shape: readonly ShapePoint[], utilization: number): number {
  let before: ShapePoint | undefined;
  for (const point of shape) {
    if (utilization <= point.utilization) {
      if (before === undefined) return point.points;
      const way = (utilization - before.utilization) / (point.utilization - before.utilization);
      return before.points + way * (point.points - before.points);
    }
    before = point;
  }
  return before?.points ?? 0;
}
