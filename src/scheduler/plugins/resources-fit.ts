import type { FilterPlugin } from "../framework.ts";

/** Hosts whose allocatable CPUs, memory and disk have room for what the machine asks for. */
export const resourcesFit: FilterPlugin = {
  name: "ResourcesFit",
  reject({ resources }, { allocatable, allocated }) {
    if (allocated.cpus + resources.cpus > allocatable.cpus) return "with too few CPUs";
    if (allocated.memoryBytes + resources.memoryBytes > allocatable.memoryBytes)
      return "with too little memory";
    if (allocated.diskBytes + resources.diskBytes > allocatable.diskBytes) return "with too little disk";
    return undefined;
  },
};
