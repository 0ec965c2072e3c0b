import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import type { Action } from "./actions.ts";
import { bootContentsOf, type DesiredMachine } from "./desired.ts";

/**
 * What must be durable before steps are taken on a host, so that a controller that dies at any point finds
 * everything it may have made: the volumes, the contents they stand on, and, where a second start would be
 * wrong, that there was a first. The same reference when all of it is recorded already.
 */
export function recordIntent(
  vm: VirtualMachine,
  status: VirtualMachineStatus,
  machine: DesiredMachine | undefined,
  actions: readonly Action[],
): VirtualMachineStatus {
  const makes = actions.some(({ type }) => type === "EnsureContent" || type === "EnsureVolume");
  const withVolumes = machine !== undefined && makes ? recordVolumes(status, machine) : status;
  const starts = actions.some(({ type }) => type === "StartDomain");
  if (!starts || vm.spec.runStrategy !== "Once" || status.started === true) return withVolumes;
  return { ...withVolumes, started: true };
}

/** Lists the machine's volumes and boot contents in the status; entries that are there stay as they are. */
export function recordVolumes(status: VirtualMachineStatus, machine: DesiredMachine): VirtualMachineStatus {
  const volumes = status.volumes ?? [];
  const missing = machine.disks.filter(({ spec }) => !volumes.some(({ volume }) => volume === spec.volume));
  const boot = bootContentsOf(machine).map((content) => content.volume);
  const sameBoot = boot.join() === (status.bootContents ?? []).join();
  if (missing.length === 0 && sameBoot) return status;
  const added = missing.map(({ name, spec, content }) => ({
    disk: name,
    volume: spec.volume,
    ...(content === undefined ? {} : { backing: content.volume }),
  }));
  return {
    ...status,
    ...(added.length === 0 ? {} : { volumes: [...volumes, ...added] }),
    ...(sameBoot ? {} : { bootContents: boot }),
  };
}
