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

  constructor(options: PoolWatchOptions) {
    this.#options = options;
    options.audit.listen((resource, event) => this.#take(resource, event));
  }

  /** The members of a pool that count, as they are written down. */
  activeOf(uid: string): readonly VirtualMachine[] {
    const all = [...this.#options.audit.machines.values()];
    return all.filter((vm) => controllerOf(vm)?.uid === uid && isActive(vm));
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

  #judge(vm: VirtualMachine, { current, previous }: LogEvent): void {
    const uid = controllerOf(vm)?.uid;
    const life = uid === undefined ? undefined : this.pools.get(uid);
    if (uid === undefined || life === undefined || this.#options.isShared()) return;
    const { name, deletionTimestamp } = vm.metadata;
    const count = this.activeOf(uid).length;
    const asked = this.#askedLately(life);
    if (previous === undefined && count > Math.max(...asked)) {
      this.#options.complain("P1", `${name} is made as number ${count} of ${Math.max(...asked)}`);
    }
    if (current === undefined || previous === undefined || deletionTimestamp === undefined) return;
    const wasEnding = previous.value.includes('"deletionTimestamp"');
    const isPoolEnding = life.pool.metadata.deletionTimestamp !== undefined;
    if (wasEnding || isPoolEnding || this.byHand.has(name)) return;
    if (count < Math.min(...asked)) {
      this.#options.complain("P2", `${name} is deleted, which leaves ${count} of ${Math.min(...asked)}`);
    }
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
