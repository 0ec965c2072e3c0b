import { StatusError } from "../../runtime/errors.ts";
import { admit } from "../../schema/admission.ts";
import { controllerOf } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { type VirtualMachinePool, VirtualMachinePoolKind } from "../../schema/virtual-machine-pool.ts";
import type { DeleteOptions, Store } from "../../store/store.ts";
import { persist } from "../persist.ts";
import type { World } from "./world.ts";

interface PoolOptions {
  /** What of the members is not as always. */
  readonly machine?: Record<string, unknown>;
  /** How long a member must be Ready to count as available. */
  readonly minReadySeconds?: number;
}

/** What people do with pools, and with the members of them. */
export class PoolActor {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** A pool of small machines labelled `pool: NAME`. */
  async add(name: string, replicas: number, options: PoolOptions = {}): Promise<void> {
    const { machine: own, ...rest } = options;
    const labels = { pool: name };
    const machine = { cpus: 1, memory: "128Mi", terminationGracePeriodSeconds: 2, ...own };
    const manifest = {
      apiVersion: "ostler.dev/v1",
      kind: "VirtualMachinePool",
      metadata: { name },
      spec: {
        ...rest,
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: machine },
      },
    };
    await this.#store.create(VirtualMachinePoolKind, admit(VirtualMachinePoolKind, manifest));
  }

  scale(name: string, replicas: number): Promise<void> {
    return this.#edit(name, ({ spec }) => ({ ...spec, replicas }));
  }

  /** New members have so many CPUs. */
  resize(name: string, cpus: number): Promise<void> {
    return this.#edit(name, ({ spec }) => ({
      ...spec,
      template: { ...spec.template, spec: { ...spec.template.spec, cpus } },
    }));
  }

  remove(name: string, propagation: DeleteOptions["propagation"]): Promise<unknown> {
    return this.#store.delete(VirtualMachinePoolKind, { namespace: "default", name }, { propagation });
  }

  /** The members of a pool in order of name, those that are being deleted left out. */
  members(name: string): readonly VirtualMachine[] {
    const machines = [...this.#world.audit.machines.values()].filter(
      (vm) => controllerOf(vm)?.name === name && vm.metadata.deletionTimestamp === undefined,
    );
    return machines.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  /** A person deletes a member. */
  async removeMember(name: string, index: number): Promise<void> {
    const member = this.members(name)[index];
    if (member === undefined) return;
    await this.#store.delete(VirtualMachineKind, member.metadata);
  }

  /** A person takes a member out of its pool, or puts a machine into one. */
  async label(machine: string, pool: string): Promise<void> {
    await persist(async () => {
      const vm = await this.#store.get(VirtualMachineKind, { namespace: "default", name: machine });
      if (vm === undefined) return;
      this.#world.pools.byHand.add(machine);
      await this.#store.update(VirtualMachineKind, { ...vm, metadata: { ...vm.metadata, labels: { pool } } });
    });
  }

  async #edit(name: string, change: (pool: VirtualMachinePool) => VirtualMachinePool["spec"]): Promise<void> {
    await persist(async () => {
      const pool = await this.#store.get(VirtualMachinePoolKind, { namespace: "default", name });
      if (pool === undefined || pool.metadata.deletionTimestamp !== undefined) return;
      await this.#store.update(VirtualMachinePoolKind, { ...pool, spec: change(pool) });
    });
  }

  get #store(): Store {
    const { store } = this.#world;
    if (store === undefined) throw new StatusError("ServiceUnavailable", "nobody serves the API now");
    return store;
  }
}
