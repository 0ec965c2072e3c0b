import type { Clock } from "../../runtime/clock.ts";
import { deepEqual } from "../../runtime/equal.ts";
import type { Host, Resources } from "../../schema/host.ts";
import {
  type VirtualMachine,
  VirtualMachineKind,
  type VirtualMachineStatus,
  virtualMachineFinalizer,
} from "../../schema/virtual-machine.ts";
import type { Store } from "../../store/store.ts";
import type { HostSessions } from "../host/host-sessions.ts";
import type { Lookups } from "./desired.ts";
import { uidOf } from "./desired.ts";
import type { OpenContent } from "./execute.ts";

/** What became of the search for a host. */
export type PlacementResult =
  | { readonly type: "placed"; readonly hostName: string }
  | { readonly type: "unschedulable"; readonly message: string };

/** Reserves room on a host for a machine, at once and without waiting; `release` gives it back. */
export interface Placer {
  place(uid: string, resources: Resources): PlacementResult;
  release(uid: string): void;
}

/** Tells people about a machine; never throws. */
export type RecordEvent = (
  vm: VirtualMachine,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
) => void;

/** What the parts of the virtual machine reconciler share. */
export interface MachineContext {
  readonly store: Store;
  readonly sessions: HostSessions;
  readonly lookups: Lookups;
  readonly hostNamed: (name: string) => Host | undefined;
  readonly placer: Placer;
  readonly openContent: OpenContent;
  readonly record: RecordEvent;
  readonly clusterId: string;
  readonly clock: Clock;
}

/** Writes the status if it says anything new. */
export async function writeStatus(
  { store }: MachineContext,
  vm: VirtualMachine,
  status: VirtualMachineStatus,
): Promise<VirtualMachine> {
  if (deepEqual(vm.status, status)) return vm;
  return store.updateStatus(VirtualMachineKind, { ...vm, status });
}

/** Lets the object go: nothing of the machine is left on any host. */
export async function finalize({ store, placer }: MachineContext, vm: VirtualMachine): Promise<void> {
  const finalizers = vm.metadata.finalizers?.filter((name) => name !== virtualMachineFinalizer) ?? [];
  if (finalizers.length === (vm.metadata.finalizers?.length ?? 0)) return;
  await store.update(VirtualMachineKind, { ...vm, metadata: { ...vm.metadata, finalizers } });
  placer.release(uidOf(vm));
}
