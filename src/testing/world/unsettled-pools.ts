import { isTrue } from "../../schema/conditions.ts";
import { matchesSelector } from "../../schema/label-selector.ts";
import { controllerOf } from "../../schema/meta.ts";
import type { VirtualMachinePool } from "../../schema/virtual-machine-pool.ts";
import { kstatusOf } from "../kstatus.ts";
import type { Complain } from "./audit.ts";
import type { World } from "./world.ts";

/** L1 for pools: each has just the members that it asks for, says so, and owns all that it should. */
export function findUnsettledPools(world: World, complain: Complain): void {
  const pools = [...world.pools.pools.values()].map(({ pool }) => pool);
  for (const pool of pools) {
    const fault = faultOf(world, pool);
    if (fault !== undefined) complain("L1", `pool ${pool.metadata.name} ${fault}`);
  }
  const uids = new Set(pools.map(({ metadata }) => metadata.uid));
  for (const vm of world.audit.machines.values()) {
    const owner = controllerOf(vm);
    if (owner === undefined || uids.has(owner.uid)) continue;
    if (vm.metadata.deletionTimestamp === undefined) {
      complain("L3", `${vm.metadata.name} is left of the pool ${owner.name}`);
    }
  }
}

function faultOf(world: World, pool: VirtualMachinePool): string | undefined {
  const { metadata, spec, status } = pool;
  if (metadata.deletionTimestamp !== undefined) {
    const left = world.pools.activeOf(metadata.uid ?? "").length;
    return left > 0 || !hasStrandedMember(world, pool) ? "is still being deleted" : undefined;
  }
  const count = world.pools.activeOf(metadata.uid ?? "").length;
  if (count !== spec.replicas) return `has ${count} members, asks for ${spec.replicas}`;
  if (status?.replicas !== count) return `says that it has ${status?.replicas} members, has ${count}`;
  const orphan = world.audit.machines.values().find((vm) => isOrphan(pool, vm));
  if (orphan !== undefined) return `has not taken over ${orphan.metadata.name}`;
  const isReady = isTrue(status.conditions, "Ready");
  const seen = kstatusOf(pool);
  return (seen === "Current") === isReady ? undefined : `is taken for ${seen}, and is ready: ${isReady}`;
}

/** A member whose host is another machine now stays until a person says what became of it. */
function hasStrandedMember(world: World, { metadata }: VirtualMachinePool): boolean {
  return [...world.audit.machines.values()].some((vm) => controllerOf(vm)?.uid === metadata.uid);
}

function isOrphan({ metadata, spec }: VirtualMachinePool, vm: Parameters<typeof controllerOf>[0]): boolean {
  return (
    vm.metadata.namespace === metadata.namespace &&
    vm.metadata.deletionTimestamp === undefined &&
    controllerOf(vm) === undefined &&
    matchesSelector(spec.selector, vm.metadata.labels ?? {})
  );
}
