import { type FilterPlugin, keepEqual } from "../framework.ts";

/** Hosts whose allocatable CPUs, memory and disk have room for what the machine asks for. */
export const resourcesFit: FilterPlugin = {
  name: "ResourcesFit",
  prepare({ resources }, { hosts, amounts }) {
    const { cpus, memoryBytes, diskBytes } = resources;
    const { freeCpus, freeMemory, freeDisk } = hosts.columns;
    const fits = amounts.column(`Fit ${cpus} ${memoryBytes} ${diskBytes}`, (rows, count, values) => {
      for (let index = 0; index < count; index += 1) {
        const row = rows[index] ?? 0;
        const has =
          (freeCpus[row] ?? 0) >= cpus &&
          (freeMemory[row] ?? 0) >= memoryBytes &&
          (freeDisk[row] ?? 0) >= diskBytes;
        values[row] = has ? 1 : 0;
      }
    });
    return {
      keep: (rows, count) => keepEqual(fits, 1, rows, count),
      refusal(row) {
        if ((freeCpus[row] ?? 0) < cpus) return "with too few CPUs";
        if ((freeMemory[row] ?? 0) < memoryBytes) return "with too little memory";
        return (freeDisk[row] ?? 0) < diskBytes ? "with too little disk" : undefined;
      },
    };
  },
};
