import type { FilterPlugin } from "../framework.ts";

/** Hosts whose allocatable CPUs, memory and disk have room for what the machine asks for. */
export const resourcesFit: FilterPlugin = {
  name: "ResourcesFit",
  prepare({ resources }, { hosts }) {
    const { cpus, memoryBytes, diskBytes } = resources;
    const { freeCpus, freeMemory, freeDisk } = hosts.columns;
    return {
      keep(rows, count) {
        let kept = 0;
        for (let index = 0; index < count; index += 1) {
          const row = rows[index] ?? 0;
          const fits =
            (freeCpus[row] ?? 0) >= cpus &&
            (freeMemory[row] ?? 0) >= memoryBytes &&
            (freeDisk[row] ?? 0) >= diskBytes;
          if (fits) rows[kept++] = row;
        }
        return kept;
      },
      refusal(row) {
        if ((freeCpus[row] ?? 0) < cpus) return "with too few CPUs";
        if ((freeMemory[row] ?? 0) < memoryBytes) return "with too little memory";
        return (freeDisk[row] ?? 0) < diskBytes ? "with too little disk" : undefined;
      },
    };
  },
};
