import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import type { Outcome } from "./execute.ts";
import { isFailedStart } from "./remember.ts";

/**
 * Machines on whose disks no guest can have written: they were made by this process, and every start since
 * has failed for certain. That a machine was never seen running does not say so: the answer to its start may
 * have been lost, or the process that started it may have died, before its guest did. What is forgotten with
 * the process is not untouched.
 */
export class UntouchedDisks {
  readonly #uids = new Set<string>();

  /** Takes in what was done for a machine whose status, at the look before, was this. */
  note(uid: string, before: VirtualMachineStatus, { done, failed }: Outcome): void {
    const makes = done.some(({ type }) => type === "EnsureVolume");
    if (makes && !hasMadeVolume(before)) this.#uids.add(uid);
    const mayRun =
      done.some(({ type }) => type === "StartDomain") ||
      (failed?.action.type === "StartDomain" && !isFailedStart(failed));
    if (mayRun) this.#uids.delete(uid);
  }

  /** Whether nothing is lost with the machine's disks. */
  has(uid: string, status: VirtualMachineStatus): boolean {
    return !hasMadeVolume(status) || this.#uids.has(uid);
  }

  forget(uid: string): void {
    this.#uids.delete(uid);
  }
}

function hasMadeVolume({ volumes = [] }: VirtualMachineStatus): boolean {
  return volumes.some(({ made }) => made === true);
}
