import { matchesSelector } from "../../schema/label-selector.ts";
import { controllerOf, keyOf, type ObjectKey } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { type VirtualMachinePool, VirtualMachinePoolKind } from "../../schema/virtual-machine-pool.ts";
import type { Index } from "../cache.ts";
import { Controller, type ControllerOptions } from "../controller.ts";
import { OwnStatuses } from "../own-statuses.ts";
import type { SharedInformers } from "../shared-informers.ts";
import { type PoolContext, PoolReconciler } from "./reconciler.ts";

export interface PoolControllerOptions
  extends Omit<PoolContext, "own" | "shown" | "machinesOf">,
    Pick<ControllerOptions, "logger" | "metrics"> {
  readonly informers: SharedInformers;
}

const workers = 16;
/** News of members are gathered: a pool is looked at so often at most, however large it is. */
const gatherMs = 50;

/** The controller of pools, and what calls for a look at which. */
export function poolController(options: PoolControllerOptions): Controller {
  const { informers, store, record, clock, random, mayAct, logger, metrics } = options;
  const machines = informers.get(VirtualMachineKind);
  const pools = informers.get(VirtualMachinePoolKind);
  const { cache } = machines;
  const unowned = cache.addIndex(placesOfUnowned);
  const shown = {
    get revision() {
      return machines.revision;
    },
    get: (key: ObjectKey) => cache.get(key),
  };
  const machinesOf = (pool: VirtualMachinePool) => [
    ...cache.byOwner(pool.metadata.uid ?? ""),
    ...candidatesOf(pool, unowned),
  ];
  const own = new OwnStatuses();
  const reconciler = new PoolReconciler({
    ...{ store, own, shown, machinesOf, record, clock, random, mayAct },
  });
  const reporting = metrics === undefined ? {} : { metrics };
  const controller = new Controller({ name: "pool", reconciler, workers, clock, logger, ...reporting });
  controller.watches(pools, (change) => (own.has(change) ? [] : [keyOf(change.object)]));
  machines.subscribe(({ object, previous }) => {
    const inSpace = pools.cache.list(object.metadata.namespace);
    if (inSpace.length === 0) return;
    for (const vm of previous === undefined ? [object] : [object, previous]) {
      for (const pool of inSpace) if (concerns(vm, pool)) controller.enqueue(keyOf(pool), gatherMs);
    }
  });
  return controller;
}

/** Where machines without a controller are found: by namespace, and by each of their labels in it. */
function placesOfUnowned(vm: VirtualMachine): readonly string[] {
  if (controllerOf(vm) !== undefined) return [];
  const { namespace = "", labels = {} } = vm.metadata;
  const places = [namespace];
  for (const key in labels) places.push(`${namespace}/${key}=${labels[key]}`);
  return places;
}

/** Machines without a controller that the pool's selector may choose. */
function candidatesOf({ metadata, spec }: VirtualMachinePool, unowned: Index<VirtualMachine>) {
  const { namespace = "" } = metadata;
  const [label] = Object.entries(spec.selector.matchLabels ?? {});
  return unowned.get(label === undefined ? namespace : `${namespace}/${label[0]}=${label[1]}`);
}

function concerns(vm: VirtualMachine, { metadata, spec }: VirtualMachinePool): boolean {
  const owner = controllerOf(vm);
  if (owner !== undefined) return owner.uid === metadata.uid;
  return matchesSelector(spec.selector, vm.metadata.labels ?? {});
}
