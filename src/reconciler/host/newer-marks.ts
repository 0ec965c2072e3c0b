import { keyOf } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { Store } from "../../store/store.ts";
import type { HostSession } from "./host-session.ts";
import type { NewerMark } from "./restoration.ts";

export interface NewerMarksOptions {
  readonly store: Pick<Store, "get">;
  readonly clusterId: string;
  /** The machine with this uid, as last heard of. */
  readonly machineOf: (uid: string) => VirtualMachine | undefined;
}

/**
 * The domains on a host that are of a later placement than is written down. Placements are written down
 * before any host hears of them, so there can be none but where the store has lost what it knew.
 */
export async function newerMarks(
  session: Pick<HostSession, "domains">,
  { store, clusterId, machineOf }: NewerMarksOptions,
): Promise<readonly NewerMark[]> {
  const found: NewerMark[] = [];
  for (const { uid, mark } of session.domains.values()) {
    if (mark?.clusterId !== clusterId) continue;
    const heard = machineOf(uid);
    if (heard === undefined || mark.epoch <= epochOf(heard)) continue;
    // What was heard of it may be behind the store: only what is read now counts.
    const vm = await store.get(VirtualMachineKind, keyOf(heard));
    if (vm?.metadata.uid !== uid || mark.epoch <= epochOf(vm)) continue;
    const machine = `${vm.metadata.namespace ?? "default"}/${vm.metadata.name}`;
    found.push({ machine, epoch: mark.epoch, knownEpoch: epochOf(vm) });
  }
  return found;
}

function epochOf({ status }: VirtualMachine): number {
  return status?.placementEpoch ?? 0;
}
