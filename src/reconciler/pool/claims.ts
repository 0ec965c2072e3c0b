import { hasReason } from "../../runtime/errors.ts";
import { keyOf } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { type VirtualMachinePool, VirtualMachinePoolKind } from "../../schema/virtual-machine-pool.ts";
import type { Store } from "../../store/store.ts";
import type { Expectations } from "./expectations.ts";
import { claimMembers } from "./members.ts";
import { controllerReference } from "./new-member.ts";

type ClaimStore = Pick<Store, "get" | "update">;

/** The machine's own controller writes to it all the time. */
const attemptsMax = 5;

/**
 * Takes over these machines. Before the first of them the pool is read once more, and after the last again:
 * one that is being deleted owns nothing new, since what it owned would go with it.
 */
export async function adoptMachines(
  store: ClaimStore,
  pool: VirtualMachinePool,
  expected: Expectations,
  machines: readonly VirtualMachine[],
): Promise<void> {
  if (machines.length === 0 || !(await isThere(store, pool))) return;
  const reference = controllerReference(pool);
  for (const vm of machines) {
    await rewrite(store, pool, expected, vm, "adopt", (owners) => [...owners, reference]);
  }
  if (!(await isThere(store, pool))) await releaseMachines(store, pool, expected, machines, "always");
}

/** Lets go of these machines: they are nobody's then, and stay as they are. */
export async function releaseMachines(
  store: ClaimStore,
  pool: VirtualMachinePool,
  expected: Expectations,
  machines: readonly VirtualMachine[],
  when: "release" | "always" = "release",
): Promise<void> {
  for (const vm of machines) {
    await rewrite(store, pool, expected, vm, when, (owners) =>
      owners.filter(({ uid }) => uid !== pool.metadata.uid),
    );
  }
}

async function isThere(store: ClaimStore, pool: VirtualMachinePool): Promise<boolean> {
  const found = await store.get(VirtualMachinePoolKind, keyOf(pool));
  return found?.metadata.uid === pool.metadata.uid && found?.metadata.deletionTimestamp === undefined;
}

type Owners = NonNullable<VirtualMachine["metadata"]["ownerReferences"]>;

/** Writes other owners into the machine, as long as it is still one to do that to. */
async function rewrite(
  store: ClaimStore,
  pool: VirtualMachinePool,
  expected: Expectations,
  vm: VirtualMachine,
  why: "adopt" | "release" | "always",
  change: (owners: Owners) => Owners,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const fresh = await store.get(VirtualMachineKind, keyOf(vm));
    if (fresh === undefined || fresh.metadata.uid !== vm.metadata.uid) return;
    if (why !== "always" && claimMembers(pool, [fresh])[why].length === 0) {
      // The cache has not shown what made it so.
      expected.wrote(fresh);
      return;
    }
    const { ownerReferences = [], ...metadata } = fresh.metadata;
    const next = { ...fresh, metadata: { ...metadata, ownerReferences: change(ownerReferences) } };
    try {
      expected.wrote(await store.update(VirtualMachineKind, next));
      return;
    } catch (error) {
      if (hasReason(error, "NotFound")) return;
      if (!hasReason(error, "Conflict") || attempt === attemptsMax) throw error;
    }
  }
}
