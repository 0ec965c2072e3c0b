import { deepEqual } from "../../runtime/equal.ts";
import { hasReason } from "../../runtime/errors.ts";
import { keyOf } from "../../schema/meta.ts";
import {
  type VirtualMachine,
  VirtualMachineKind,
  type VirtualMachineStatus,
  virtualMachineFinalizer,
} from "../../schema/virtual-machine.ts";
import type { MachineContext, Placer } from "./context.ts";
import { uidOf } from "./desired.ts";

/** Writes the status if it says anything new. Throws `Conflict` when the object has changed meanwhile. */
export async function writeStatus(
  { store }: Pick<MachineContext, "store">,
  vm: VirtualMachine,
  status: VirtualMachineStatus,
): Promise<VirtualMachine> {
  if (deepEqual(vm.status, status)) return vm;
  return store.updateStatus(VirtualMachineKind, { ...vm, status });
}

const attemptsMax = 5;

export interface ConclusionContext extends Pick<MachineContext, "store"> {
  readonly placer: Pick<Placer, "noteWritten">;
}

/**
 * Writes what has been seen and done, which a change of the spec or a person's request in the meantime does
 * not make less true. Room that the machine no longer has by that is free from then on. Throws `Conflict`
 * when somebody else wrote what only this controller writes.
 */
export async function writeConclusion(
  context: ConclusionContext,
  vm: VirtualMachine,
  status: VirtualMachineStatus,
): Promise<VirtualMachine> {
  let base = vm;
  let next = status;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return noteRoom(context, await writeStatus(context, base, next));
    } catch (error) {
      if (!hasReason(error, "Conflict") || attempt === attemptsMax) throw error;
      const fresh = await context.store.get(VirtualMachineKind, keyOf(vm));
      if (fresh === undefined || !onlyRequestsDiffer(base, fresh)) throw error;
      next = { ...withoutRequests(next), ...requestsOf(next, base.status, fresh.status) };
      base = fresh;
    }
  }
}

export interface FinalizeContext extends Pick<MachineContext, "store" | "noteLetGo"> {
  readonly placer: Pick<Placer, "release">;
}

/** Lets the object go: nothing of the machine is left on any host. */
export async function finalize(
  { store, placer, noteLetGo }: FinalizeContext,
  vm: VirtualMachine,
): Promise<void> {
  const finalizers = vm.metadata.finalizers?.filter((name) => name !== virtualMachineFinalizer) ?? [];
  await store.update(VirtualMachineKind, { ...vm, metadata: { ...vm.metadata, finalizers } });
  placer.release(uidOf(vm));
  noteLetGo(uidOf(vm));
}

function noteRoom({ placer }: ConclusionContext, vm: VirtualMachine): VirtualMachine {
  const { hostName, allocated } = vm.status ?? {};
  if (hostName !== undefined && allocated !== undefined) placer.noteWritten(uidOf(vm), hostName, allocated);
  return vm;
}

function onlyRequestsDiffer(base: VirtualMachine, fresh: VirtualMachine): boolean {
  return (
    base.metadata.uid === fresh.metadata.uid &&
    deepEqual(withoutRequests(base.status ?? {}), withoutRequests(fresh.status ?? {}))
  );
}

/** All of the status that only this controller writes. */
function withoutRequests(status: VirtualMachineStatus): VirtualMachineStatus {
  const { runOverride: _override, restartRequest: _restart, pauseRequest: _pause, ...rest } = status;
  return rest;
}

/** What a person asks for now, and, where that is what it was, what has become of it. */
function requestsOf(
  ours: VirtualMachineStatus,
  base: VirtualMachineStatus = {},
  fresh: VirtualMachineStatus = {},
): VirtualMachineStatus {
  const { runOverride } = deepEqual(base.runOverride, fresh.runOverride) ? ours : fresh;
  const { restartRequest } = deepEqual(base.restartRequest, fresh.restartRequest) ? ours : fresh;
  const { pauseRequest } = deepEqual(base.pauseRequest, fresh.pauseRequest) ? ours : fresh;
  return {
    ...(runOverride === undefined ? {} : { runOverride }),
    ...(restartRequest === undefined ? {} : { restartRequest }),
    ...(pauseRequest === undefined ? {} : { pauseRequest }),
  };
}
