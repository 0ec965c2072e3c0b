import { StatusError } from "../../runtime/errors.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { VolumeKind } from "../../schema/volume.ts";
import type { Store } from "../../store/store.ts";
import { refuseVolume } from "./volumes.ts";

/**
 * Reads the Volumes that `intent` adds to what is written down for the machine, and throws `Conflict` unless
 * each may be taken now: what the plan was made from may be stale.
 *
 * That makes it safe, together with the write of the intent that follows and fails if the machine has changed
 * since it was read. A claim goes only when, after it was marked as going, the machine was seen to neither
 * name the volume nor have it. If the mark came before this read, this read refuses. If it came later, the
 * look at the machine that followed on it saw this version of the machine, which names the volume, or a newer
 * one, and then the write fails.
 */
export async function confirmClaims(
  store: Pick<Store, "get">,
  vm: VirtualMachine,
  intent: VirtualMachineStatus,
): Promise<void> {
  const known = new Set((vm.status?.attachedVolumes ?? []).map(({ uid }) => uid));
  const { namespace } = vm.metadata;
  for (const { uid, name } of intent.attachedVolumes ?? []) {
    if (known.has(uid)) continue;
    const key = namespace === undefined ? { name } : { namespace, name };
    const volume = await store.get(VolumeKind, key);
    const refusal = refuseVolume(vm, volume, name);
    if (refusal !== undefined || volume?.metadata.uid !== uid) {
      throw new StatusError("Conflict", refusal?.message ?? `volume "${name}" is another one now`);
    }
  }
}
