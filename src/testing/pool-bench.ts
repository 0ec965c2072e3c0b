import type { Test } from "tap";
import { poolController } from "../reconciler/pool/controller.ts";
import { SharedInformers } from "../reconciler/shared-informers.ts";
import { controllerOf, type Resource } from "../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { type VirtualMachinePool, VirtualMachinePoolKind } from "../schema/virtual-machine-pool.ts";
import type { Store } from "../store/store.ts";
import { type Engine, openEngine } from "./engine-fixture.ts";
import { type Lag, laggingStore } from "./lagging-store.ts";
import { poolManifest } from "./pool-fixture.ts";
import { SeededRandom } from "./seeded-random.ts";

export interface Bench extends Engine {
  readonly events: string[];
  /** What the controller has asked to be made, by name. */
  readonly asked: string[];
  readonly lag: Lag;
  /** How often the controller has read the pool. */
  looks(): number;
  edit(change: Partial<VirtualMachinePool["spec"]>): Promise<void>;
  pool(): Promise<VirtualMachinePool>;
  members(): Promise<readonly VirtualMachine[]>;
}

/** A pool controller alone: machines are objects, and nobody starts them. */
export async function openBench(
  t: Test,
  change: (store: Store) => Partial<Store> = () => ({}),
): Promise<Bench> {
  const engine = await openEngine(t);
  const { store, clock, logger } = engine;
  const events: string[] = [];
  const asked: string[] = [];
  let looks = 0;
  const lag: Lag = { watchMs: 0, writeMs: 0 };
  const informers = new SharedInformers({
    ...{ clock, logger },
    store: laggingStore(store, VirtualMachineKind, lag, () => clock),
  });
  const changed = change(store);
  const own: Partial<Store> = {
    ...changed,
    get: (kind, key) => {
      if (kind.kind === VirtualMachinePoolKind.kind) looks += 1;
      return store.get(kind, key);
    },
    create: (kind, resource, options) => {
      asked.push(resource.metadata.name);
      return (changed.create ?? store.create.bind(store))(kind, resource, options);
    },
  };
  const controller = poolController({
    store: over(store, own),
    informers,
    clock,
    logger,
    random: new SeededRandom(7),
    record: (_object, type, reason, message) => void events.push(`${type} ${reason}: ${message}`),
    mayAct: () => true,
  });
  await engine.run(informers, controller);
  const pool = async () => {
    const found = await store.get(VirtualMachinePoolKind, { namespace: "default", name: "web" });
    if (found === undefined) throw new Error("there is no pool");
    return found;
  };
  return {
    ...engine,
    events,
    asked,
    lag,
    looks: () => looks,
    pool,
    members: async () => {
      const { uid } = (await pool()).metadata;
      const { items } = await store.list(VirtualMachineKind);
      return items.filter((vm) => controllerOf(vm)?.uid === uid && !vm.metadata.deletionTimestamp);
    },
    edit: async (spec) => {
      const { metadata, ...rest } = await pool();
      const { resourceVersion: _, ...unconditional } = metadata;
      await store.update(VirtualMachinePoolKind, {
        ...rest,
        metadata: unconditional,
        spec: { ...rest.spec, ...spec },
      });
    },
  };
}

/** The store with some of its methods exchanged. */
function over(store: Store, own: Partial<Store>): Store {
  return new Proxy(store, {
    get: (target, property) => {
      const mine: unknown = Reflect.get(own, property, own);
      if (mine !== undefined) return mine;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

export async function addPool({ store }: Engine, spec: Record<string, unknown> = {}): Promise<void> {
  const { metadata, ...rest } = poolManifest("web", spec);
  await store.create<Resource>(VirtualMachinePoolKind, {
    ...rest,
    metadata: { ...metadata, namespace: "default" },
  });
}

export async function addMachine(
  { store }: Engine,
  name: string,
  labels: Record<string, string> = { app: "web" },
): Promise<VirtualMachine> {
  return store.create<Resource & VirtualMachine>(VirtualMachineKind, {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name, namespace: "default", labels },
    spec: {
      cpus: 1,
      memory: "64Mi",
      runStrategy: "Always",
      disks: [],
      networks: [],
      terminationGracePeriodSeconds: 0,
    },
  });
}

/** What only the machine's own controller does: nothing is left of it. */
export async function letGo({ store }: Engine, vm: VirtualMachine): Promise<void> {
  const { resourceVersion: _, ...metadata } = vm.metadata;
  await store.update(VirtualMachineKind, { ...vm, metadata: { ...metadata, finalizers: [] } });
}
