import type { Resources } from "../../schema/host.ts";

/** Room enough for either. */
export function atLeast(asked: Resources, allocated: Resources): Resources {
  return {
    cpus: Math.max(asked.cpus, allocated.cpus),
    memoryBytes: Math.max(asked.memoryBytes, allocated.memoryBytes),
    diskBytes: Math.max(asked.diskBytes, allocated.diskBytes),
  };
}
