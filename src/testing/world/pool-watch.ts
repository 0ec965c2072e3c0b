import { isActive } from "../../reconciler/pool/members.ts";
import { controllerOf, type Resource } from "../../schema/meta.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { type VirtualMachinePool, VirtualMachinePoolKind } from "../../schema/virtual-machine-pool.ts";
import type { LogEvent } from "../../store/log.ts";
import { type Audit, type Complain, isMachine } from "./audit.ts";

/** So long a controller may go on with what it has read of a pool. */
const graceMs = 60_000;

interface Life {
  readonly pool: VirtualMachinePool;
  /** How many were asked for, and from when on. */
  readonly asked: readonly { readonly replicas: number; readonly sinceMs: number }[];
}

export interface PoolWatchOptions {
  readonly audit: Audit;
  readonly complain: Complain;
  readonly now: () => number;
  /** Several controllers can be at work for a moment: what one has sent the next cannot know. */
  readonly isShared: () => boolean;
}

/**
 * Reads along what becomes of pools. P1: nobody is made who would be one more than was asked for in the last
 * minute. P2: nobody is deleted, but by people, who would be missed.
 */
export class PoolWatch {
  /** By uid. */
  readonly pools = new Map<string, Life>();
  /** Members that people have deleted or relabelled, by name. */
  readonly byHand = new Set<string>();
  readonly #options: PoolWatchOptions;
  /** Whom controllers ask to delete at this moment, by name. */
  #going = { atMs: -1, names: new Set<string>() };

  constructor(options: PoolWatchOptions) {
    this.#options = options;
    options.audit.listen((resource, event) => this.#take(resource, event));
  }

  /** The members of a pool that count, as they are written down. */
  activeOf(uid: string): readonly VirtualMachine[] {
    const all = [...this.#options.audit.machines.values()];
    return all.filter((vm) => controllerOf(vm)?.uid === uid && isActive(vm));
  }

  /**
   * A controller asks to delete a machine. Whom a person deletes at the same time nobody can know of yet:
   * what counts is who is there now.
   */
  deleting(name: string): void {
    const now = this.#options.now();
    if (this.#going.atMs !== now) this.#going = { atMs: now, names: new Set() };
    const { names } = this.#going;
    const vm = [...this.#options.audit.machines.values()].find(({ metadata }) => metadata.name === name);
    const uid = vm === undefined ? undefined : controllerOf(vm)?.uid;
    const life = uid === undefined ? undefined : this.pools.get(uid);
    if (uid === undefined || life === undefined || this.#options.isShared()) return;
    const isEnding = [vm, life.pool].some((one) => one?.metadata.deletionTimestamp !== undefined);
    if (isEnding || this.byHand.has(name)) return;
    names.add(name);
    const count = this.activeOf(uid).filter(({ metadata }) => !names.has(metadata.name)).length;
    const least = Math.min(...this.#askedLately(life));
    if (count < least) this.#options.complain("P2", `${name} is deleted, which leaves ${count} of ${least}`);
  }

  #take(resource: Resource, event: LogEvent): void {
    if (isPool(resource)) this.#note(resource, event.current === undefined);
    else if (isMachine(resource)) this.#judge(resource, event);
  }

  #note(pool: VirtualMachinePool, isGone: boolean): void {
    const { uid = "" } = pool.metadata;
    if (isGone) {
      this.pools.delete(uid);
      return;
    }
    const now = this.#options.now();
    const before = this.pools.get(uid)?.asked ?? [];
    const { replicas } = pool.spec;
    const asked = before.at(-1)?.replicas === replicas ? before : [...before, { replicas, sinceMs: now }];
    this.pools.set(uid, { pool, asked });
  }

  #judge(vm: VirtualMachine, { previous }: LogEvent): void {
    const uid = controllerOf(vm)?.uid;
    const life = uid === undefined ? undefined : this.pools.get(uid);
    if (uid === undefined || life === undefined || this.#options.isShared()) return;
    const count = this.activeOf(uid).length;
    const most = Math.max(...this.#askedLately(life));
    if (previous !== undefined || count <= most) return;
    this.#options.complain("P1", `${vm.metadata.name} is made as number ${count} of ${most}`);
  }

  /** Every number that was asked for within the last minute. */
  #askedLately({ asked }: Life): readonly number[] {
    const from = this.#options.now() - graceMs;
    return asked
      .filter((_, index) => (asked[index + 1]?.sinceMs ?? Infinity) > from)
      .map(({ replicas }) => replicas);
  }
}

export function isPool(resource: Resource): resource is VirtualMachinePool {
  return resource.kind === VirtualMachinePoolKind.kind;
}
