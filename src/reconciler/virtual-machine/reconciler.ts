import { hasReason, messageOf } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { ObjectKey } from "../../schema/meta.ts";
import {
  type VirtualMachine,
  VirtualMachineKind,
  type VirtualMachineStatus,
  virtualMachineFinalizer,
} from "../../schema/virtual-machine.ts";
import { causeOf, LoggedError, type Reconciler, type Result } from "../reconcile.ts";
import { UnansweredCalls } from "../unanswered-calls.ts";
import { type Action, blocked, isAtRest, type Plan, starts } from "./actions.ts";
import { stableRunMs } from "./backoff.ts";
import { confirmClaims } from "./claims.ts";
import type { MachineContext } from "./context.ts";
import { definitionHash, uidOf } from "./desired.ts";
import { noteDoubts } from "./doubts.ts";
import { execute, type Outcome } from "./execute.ts";
import { Failovers } from "./failovers.ts";
import { followHost } from "./follow-host.ts";
import { recordIntent } from "./intent.ts";
import { isHostFailure, noteLeaving, withoutHost } from "./leave.ts";
import { removeLeftBehind } from "./left-behind.ts";
import { type Link, reachHost } from "./link.ts";
import { look, type View } from "./look.ts";
import { placeMachine } from "./place.ts";
import { forgoReturn, notePreemption, returnPreempted } from "./preempted.ts";
import { type Failed, isFailedStart, remember } from "./remember.ts";
import { wantedState } from "./run-strategy.ts";
import { machineStatus } from "./status.ts";
import { tell } from "./tell.ts";
import { UnheededDefinitions } from "./unheeded.ts";
import { UntouchedDisks } from "./untouched-disks.ts";
import { givesUpVolumes } from "./volume-steps.ts";
import { finalize, writeConclusion, writeStatus } from "./write.ts";

const retryConflictMs = 30_000;
const repeatedStepMs = 1_000;
const standStillMs = 5_000;
const unansweredMessage =
  "its host may yet do what it has not answered; looking again when it cannot any more";
/** More than any path from one state to another needs; what is not done by then goes on at the next look. */
const roundsMax = 6;

/** Looks at one machine and its host, plans, acts, looks again, and writes down what is true. */
export class VirtualMachineReconciler implements Reconciler {
  readonly #context: MachineContext;
  readonly #unanswered: UnansweredCalls;
  readonly #unheeded: UnheededDefinitions;
  readonly #untouched = new UntouchedDisks();
  readonly #failovers: Failovers;

  constructor(context: MachineContext) {
    this.#context = context;
    this.#unanswered = new UnansweredCalls(context.clock);
    this.#unheeded = new UnheededDefinitions(context.clock);
    this.#failovers = new Failovers(context);
  }

  async reconcile(key: ObjectKey, signal: AbortSignal, logger: Logger): Promise<Result> {
    if (!this.#context.mayAct()) return { requeueAfterMs: standStillMs };
    const vm = await this.#context.store.get(VirtualMachineKind, key);
    if (vm === undefined || isLetGo(vm)) return {};
    const { hostName } = vm.status ?? {};
    if (hostName !== undefined) return this.#reconcilePlaced(vm, hostName, signal, logger);
    const placed = await placeMachine(this.#context, vm, signal);
    if (placed.type === "done") return placed.result;
    return this.#reconcilePlaced(placed.vm, placed.hostName, signal, logger);
  }

  async #reconcilePlaced(
    vm: VirtualMachine,
    hostName: string,
    signal: AbortSignal,
    logger: Logger,
  ): Promise<Result> {
    const reach = reachHost(this.#context, vm, hostName);
    if (reach.type === "connecting") return {};
    if (reach.type === "unknown") return this.#leaveAway(vm, hostName, reach.message, { signal, logger });
    this.#failovers.stays(vm, hostName);
    const { places } = reach.link.session;
    const uid = uidOf(vm);
    if (!places.enter(uid)) return {};
    try {
      const noted = await notePreemption(this.#context, vm);
      return await this.#converge(noted, reach.link, signal, logger);
    } catch (error) {
      // The session knows as well, and calls all machines of the host when it has found out more.
      if (hasReason(causeOf(error), "HostUnreachable")) return { requeueAfterMs: repeatedStepMs };
      throw error;
    } finally {
      places.leave(uid);
    }
  }

  /** Its host cannot be asked: it is found by another name, started elsewhere on a proof, or let be. */
  async #leaveAway(
    vm: VirtualMachine,
    hostName: string,
    message: string,
    call: { readonly signal: AbortSignal; readonly logger: Logger },
  ): Promise<Result> {
    const { signal, logger } = call;
    const followed = await followHost(this.#context, vm, hostName, call);
    const moved = followed ?? (await this.#failovers.move(vm, hostName, logger));
    if (moved.type === "placed") return this.#reconcilePlaced(moved.vm, moved.hostName, signal, logger);
    return this.#concludeUnknown(vm, moved.message ?? message);
  }

  /** Look, act, look again, until nothing is left to do or the host needs time. */
  async #converge(vm: VirtualMachine, link: Link, signal: AbortSignal, logger: Logger): Promise<Result> {
    const uid = uidOf(vm);
    // That nothing is left can only be said after a look that was taken for it.
    const mustBeGone = vm.metadata.deletionTimestamp !== undefined || vm.status?.leaving !== undefined;
    if (mustBeGone || givesUpVolumes(vm)) link.session.doubt(uid);
    const { openContent, mayAct, record } = this.#context;
    const hands = { connection: link.connection, openContent, mayAct };
    let stored = vm;
    let outcome: Outcome = { done: [] };
    let view = await look(this.#context, vm, link, signal);
    let unheeded = this.#unheeded.judge(uid, outcome.done, view.plan);
    for (let round = 0; round < roundsMax && mayAct(); round++) {
      if (unheeded !== undefined || !isWorthDoing(view.plan, outcome)) break;
      if (!this.#context.circumstances.mayPlace && starts(view.plan)) break;
      const intent = this.#intentOf(view);
      stored = await this.#writeIntent(stored, view, intent);
      outcome = await execute(view.plan.actions, hands, signal);
      tell(vm, outcome, record, logger);
      noteDoubts(link.session, uid, outcome);
      if (outcome.failed !== undefined && makes(outcome.failed.action)) {
        this.#unanswered.note(uid, outcome.failed.error);
      }
      view = await this.#lookAgain(stored, { ...view, memory: intent }, outcome, link, signal);
      unheeded = this.#unheeded.judge(uid, outcome.done, view.plan);
    }
    const { plan = view.plan, failed = outcome.failed } = unheeded ?? {};
    try {
      return await this.#conclude(stored, { ...view, plan }, failed, signal);
    } catch (error) {
      throw error === outcome.failed?.error ? new LoggedError(error) : error;
    }
  }

  /** Makes durable what must be before the first side effect, and how a run ended before the next begins. */
  async #writeIntent(
    stored: VirtualMachine,
    view: View,
    intent: VirtualMachineStatus,
  ): Promise<VirtualMachine> {
    await confirmClaims(this.#context.store, stored, intent);
    const endsRun = stored.status?.startedAt !== undefined && intent.startedAt === undefined;
    return intent === view.memory && !(endsRun && starts(view.plan))
      ? stored
      : writeStatus(this.#context, stored, intent);
  }

  #intentOf({ vm, memory, desired, plan }: View): VirtualMachineStatus {
    const machine = desired.type === "resolved" ? desired.machine : undefined;
    return recordIntent(vm, memory, machine, plan.actions, this.#context.clock.now());
  }

  /** What was done is remembered, even if the host cannot be asked what came of it. */
  async #lookAgain(
    stored: VirtualMachine,
    { vm, memory: before, desired }: View,
    outcome: Outcome,
    link: Link,
    signal: AbortSignal,
  ): Promise<View> {
    const hash = desired.type === "resolved" ? definitionHash(desired.definition) : "";
    const now = this.#context.clock.now();
    const done = remember({ vm, memory: before, outcome, definitionHash: hash, now });
    const memory = this.#noteStart(vm, done, outcome, link.hostName, now);
    try {
      return await look(this.#context, { ...stored, status: memory }, link, signal);
    } catch (error) {
      await writeConclusion(this.#context, stored, memory);
      throw error;
    }
  }

  /** What the outcome says of the host. */
  #noteStart(
    vm: VirtualMachine,
    memory: VirtualMachineStatus,
    outcome: Outcome,
    hostName: string,
    now: number,
  ): VirtualMachineStatus {
    const { done, failed } = outcome;
    const { placer } = this.#context;
    const uid = uidOf(vm);
    this.#untouched.note(uid, vm.status ?? {}, outcome);
    if (done.some(({ type }) => type === "StartDomain")) placer.noteStart(hostName, "started");
    if (failed === undefined || !isHostFailure(failed)) return memory;
    placer.noteStart(hostName, "failed");
    return this.#untouched.has(uid, memory) ? noteLeaving(vm, memory, failed, placer, now) : memory;
  }

  /** Nothing is left of it on its host: it goes back into the queue for another one. */
  async #leave(stored: VirtualMachine, memory: VirtualMachineStatus): Promise<Result> {
    const { clock, noteLeft, placer } = this.#context;
    const status = withoutHost(memory, placer.nextSequence(), clock.now());
    noteLeft(await writeConclusion(this.#context, stored, status));
    this.#untouched.forget(uidOf(stored));
    return { requeueAfterMs: 0 };
  }

  async #conclude(
    stored: VirtualMachine,
    view: View,
    failed: Failed | undefined,
    signal: AbortSignal,
  ): Promise<Result> {
    const { wanted, observed, memory, desired, vm } = view;
    let plan = failed === undefined ? view.plan : planAfter(failed, view.plan);
    const isLeaving = wanted === "Running" && stored.status?.leaving !== undefined;
    const nothingIsLeft = failed === undefined && isAtRest(view.plan) && observed.domain === undefined;
    const isOver = nothingIsLeft && (wanted === "Gone" || isLeaving);
    const waitMs = isOver ? this.#unanswered.waitMs(uidOf(stored)) : 0;
    if (isOver && wanted === "Gone" && waitMs === 0) {
      const left = await removeLeftBehind(this.#context, stored, signal);
      if (left === undefined) return this.#letGo(stored);
      plan = blocked(left);
    } else if (isOver && waitMs === 0) return this.#leave(stored, memory);
    const why = failed === undefined ? undefined : messageOf(failed.error);
    const failure = waitMs > 0 ? { failure: unansweredMessage } : why === undefined ? {} : { failure: why };
    const now = this.#context.clock.now();
    const status = machineStatus({ vm, memory, wanted, observed, desired, plan, now, ...failure });
    const written = await writeConclusion(this.#context, stored, status);
    if (wanted !== "Running") forgoReturn(this.#context, written);
    if (failed !== undefined && !isPlannedFor(failed, view.plan)) throw failed.error;
    if (plan.blockedBy?.reason === "Preempted") return this.#returnPreempted(stored);
    return waitMs > 0 ? { requeueAfterMs: waitMs } : requeue(plan, memory);
  }

  async #letGo(stored: VirtualMachine): Promise<Result> {
    await finalize(this.#context, stored);
    this.#untouched.forget(uidOf(stored));
    return {};
  }

  /** It has stopped, and that is written down. */
  async #returnPreempted({ metadata }: VirtualMachine): Promise<Result> {
    const vm = await this.#context.store.get(VirtualMachineKind, metadata);
    const hostName = vm?.status?.hostName;
    return vm === undefined || hostName === undefined ? {} : returnPreempted(this.#context, vm, hostName);
  }

  /** While the host cannot be asked, nothing is concluded and nothing is done. */
  async #concludeUnknown(vm: VirtualMachine, message: string): Promise<Result> {
    const plan: Plan = { actions: [], blockedBy: { reason: "HostUnreachable", message } };
    const memory = vm.status ?? {};
    const wanted = wantedState(vm, undefined);
    const now = this.#context.clock.now();
    const status = machineStatus({ vm, memory, wanted, observed: undefined, desired: undefined, plan, now });
    await writeStatus(this.#context, vm, status);
    return {};
  }
}

/** Nothing of it is left; that the object is still there is for others. */
function isLetGo({ metadata }: VirtualMachine): boolean {
  return metadata.deletionTimestamp !== undefined && !metadata.finalizers?.includes(virtualMachineFinalizer);
}

function isWorthDoing(plan: Plan, { done, failed }: Outcome): boolean {
  if (failed !== undefined || plan.actions.length === 0) return false;
  // A plan that begins with what was done just now: the host needs time, not another push.
  return !done.some((action) => action.type === plan.actions[0]?.type);
}

/** Whether it leaves something behind when it is carried out late. */
function makes({ type }: Action): boolean {
  return type === "DefineDomain" || type === "StartDomain" || type === "EnsureVolume";
}

/** Failures for which the plan says when to try again; all others are the controller's to retry. */
function isPlannedFor(failed: Failed, { blockedBy, requeueAfterMs }: Plan): boolean {
  const isWaiting = blockedBy === undefined && requeueAfterMs !== undefined;
  return isFailedStart(failed) || isWaiting || hasReason(failed.error, "OwnershipConflict");
}

function planAfter({ error }: Failed, plan: Plan): Plan {
  if (!hasReason(error, "OwnershipConflict")) return plan;
  return {
    actions: [],
    blockedBy: { reason: "Conflict", message: error.message },
    requeueAfterMs: retryConflictMs,
  };
}

function requeue(plan: Plan, memory: VirtualMachineStatus): Result {
  if (plan.requeueAfterMs !== undefined) return { requeueAfterMs: plan.requeueAfterMs };
  if (plan.actions.length > 0) return { requeueAfterMs: repeatedStepMs };
  return memory.startFailure !== undefined && memory.startedAt !== undefined
    ? { requeueAfterMs: stableRunMs }
    : {};
}
