import type { Clock } from "../../runtime/clock.ts";
import { deepEqual } from "../../runtime/equal.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { Random } from "../../runtime/random.ts";
import type { ObjectKey } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { type VirtualMachinePool, VirtualMachinePoolKind } from "../../schema/virtual-machine-pool.ts";
import type { Store } from "../../store/store.ts";
import type { EventRecorder } from "../events.ts";
import type { OwnStatuses } from "../own-statuses.ts";
import type { Reconciler, Result } from "../reconcile.ts";
import { adoptMachines, releaseMachines } from "./claims.ts";
import { AllExpectations, type Expectations, type Shown } from "./expectations.ts";
import { createMembers, deleteMembers, type Outcome } from "./hands.ts";
import { type PoolPlan, planPool } from "./plan.ts";
import { nextAvailableInMs, type PoolStatusInput, poolStatus } from "./status.ts";

export interface PoolContext {
  readonly store: Store;
  readonly own: Pick<OwnStatuses, "note">;
  /** The cache of machines. */
  readonly shown: Shown;
  /** The machines of the pool's namespace, as the cache has them, that are the pool's or may become it. */
  readonly machinesOf: (pool: VirtualMachinePool) => readonly VirtualMachine[];
  readonly record: EventRecorder["record"];
  readonly clock: Clock;
  readonly random: Random;
  /** Whether anything may be made or deleted: only who leads may. */
  readonly mayAct: () => boolean;
}

const standStillMs = 5_000;
/** The cache catches up by itself; this is for what it may have skipped. */
const catchUpMs = 1_000;
const shownNames = 5;

/** Makes and deletes members until there are as many as the pool asks for. */
export class PoolReconciler implements Reconciler {
  readonly #context: PoolContext;
  readonly #expectations = new AllExpectations();

  constructor(context: PoolContext) {
    this.#context = context;
  }

  async reconcile(key: ObjectKey, _signal: AbortSignal, logger: Logger): Promise<Result> {
    const { store, shown, machinesOf, mayAct, clock } = this.#context;
    if (!mayAct()) return { requeueAfterMs: standStillMs };
    const pool = await store.get(VirtualMachinePoolKind, key);
    if (pool === undefined) {
      this.#expectations.forget(key);
      return {};
    }
    const expected = this.#expectations.of(pool);
    const isCurrent = expected.isMetBy(shown);
    const plan = planPool({
      pool,
      machines: machinesOf(pool),
      isCurrent,
      doubtfulDeletions: expected.doubtfulDeletions,
    });
    await adoptMachines(store, pool, expected, plan.adopt);
    await releaseMachines(store, pool, expected, plan.release);
    const outcome = await this.#carryOut(pool, expected, plan, logger);
    const isSettled = isAtRest(plan) && expected.isMetBy(shown);
    const { active } = plan;
    const input = { pool, active, isSettled, failure: outcome.failure, now: clock.now() };
    await this.#writeStatus(input);
    if (outcome.failure !== undefined) throw outcome.error;
    return isSettled ? requeue(nextAvailableInMs(input)) : { requeueAfterMs: catchUpMs };
  }

  async #carryOut(
    pool: VirtualMachinePool,
    expected: Expectations,
    plan: PoolPlan,
    logger: Logger,
  ): Promise<Outcome> {
    const { store, random, mayAct } = this.#context;
    const hands = { store, mayAct, next: () => random.next() };
    if (plan.create > 0) {
      const outcome = await createMembers(hands, pool, expected, plan.create);
      return this.#tell(pool, "created", outcome, logger);
    }
    if (plan.delete.length > 0) {
      const outcome = await deleteMembers(hands, expected, await this.#surplus(pool, expected));
      return this.#tell(pool, "deleted", outcome, logger);
    }
    return { done: [] };
  }

  /**
   * Who is deleted takes its disks along: that is decided by what the store says now, not by a cache, which
   * may not show yet whom somebody else has deleted.
   */
  async #surplus(pool: VirtualMachinePool, { doubtfulDeletions }: Expectations) {
    const { items } = await this.#context.store.list(VirtualMachineKind, {
      namespace: pool.metadata.namespace,
    });
    return planPool({ pool, machines: items, isCurrent: true, doubtfulDeletions }).delete;
  }

  /** In a namespace that is being deleted nothing is made, and nobody needs to be told. */
  #tell(
    pool: VirtualMachinePool,
    verb: "created" | "deleted",
    { done, failure, error }: Outcome,
    logger: Logger,
  ): Outcome {
    const { record } = this.#context;
    const noun = verb === "created" ? "Create" : "Delete";
    if (done.length > 0) {
      const text = `${verb} ${describe(done)}`;
      record(pool, "Normal", `Successful${noun}`, text);
      logger.info(text);
    }
    if (failure === undefined || isNamespaceEnding(error)) return { done };
    record(pool, "Warning", failure.reason, failure.message);
    return { done, failure, error };
  }

  async #writeStatus(input: PoolStatusInput): Promise<void> {
    const { pool } = input;
    const status = poolStatus(input);
    if (deepEqual(pool.status, status)) return;
    this.#context.own.note(pool, status);
    await this.#context.store.updateStatus(VirtualMachinePoolKind, { ...pool, status });
  }
}

function isAtRest({ adopt, release, create, delete: surplus }: PoolPlan): boolean {
  return adopt.length + release.length + create + surplus.length === 0;
}

function requeue(requeueAfterMs: number | undefined): Result {
  return requeueAfterMs === undefined ? {} : { requeueAfterMs };
}

function describe(names: readonly string[]): string {
  if (names.length === 1) return `machine ${names[0]}`;
  const shown = names.slice(0, shownNames).join(", ");
  const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : "";
  return `${names.length} machines: ${shown}${more}`;
}

function isNamespaceEnding(error: unknown): boolean {
  return error instanceof StatusError && error.causes.some(({ reason }) => reason === "NamespaceTerminating");
}
