import type { Resources } from "../../schema/host.ts";

/** Whether what is asked for is nowhere more than what was promised. */
export function isWithin(asked: Resources, promised: Resources): boolean {
  return (
    asked.cpus <= promised.cpus &&
    asked.memoryBytes <= promised.memoryBytes &&
    asked.diskBytes <= promised.diskBytes
  );
}
