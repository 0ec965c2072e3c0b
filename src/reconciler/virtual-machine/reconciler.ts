import { hasReason, messageOf } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { ObjectKey } from "../../schema/meta.ts";
import {
  type VirtualMachine,
  VirtualMachineKind,
  type VirtualMachineStatus,
} from "../../schema/virtual-machine.ts";
import type { HostSession } from "../host/host-session.ts";
import type { Reconciler, Result } from "../reconcile.ts";
import type { Action, Plan } from "./actions.ts";
import { stableRunMs, startFailed } from "./backoff.ts";
import { finalize, type MachineContext, writeStatus } from "./context.ts";
import { definitionHash, uidOf } from "./desired.ts";
import { execute, type Outcome } from "./execute.ts";
import { recordIntent } from "./intent.ts";
import { type Link, look, type View } from "./look.ts";
import { noteShutdownRequested, noteStarted } from "./memory.ts";
import { placeMachine } from "./place.ts";
import { wantedState } from "./run-strategy.ts";
import { machineStatus } from "./status.ts";
import { tell } from "./tell.ts";

const retryConflictMs = 30_000;
const repeatedStepMs = 1_000;
/** More than any path from one state to another needs; what is not done by then goes on at the next look. */
const roundsMax = 6;

/** Looks at one machine and its host, plans, acts, looks again, and writes down what is true. */
export class VirtualMachineReconciler implements Reconciler {
  readonly #context: MachineContext;

  constructor(context: MachineContext) {
    this.#context = context;
  }

  async reconcile(key: ObjectKey, signal: AbortSignal, logger: Logger): Promise<Result> {
    const vm = await this.#context.store.get(VirtualMachineKind, key);
    if (vm === undefined) return {};
    const { hostName } = vm.status ?? {};
    if (hostName !== undefined) return this.#reconcilePlaced(vm, hostName, signal, logger);
    const placed = await placeMachine(this.#context, vm);
    if (placed.type === "done") return placed.result;
    return this.#reconcilePlaced(placed.vm, placed.hostName, signal, logger);
  }

  async #reconcilePlaced(
    vm: VirtualMachine,
    hostName: string,
    signal: AbortSignal,
    logger: Logger,
  ): Promise<Result> {
    const session = this.#context.sessions.get(hostName);
    if (session?.link.state !== "connected") return this.#hostUnknown(vm, hostName, session);
    const uid = uidOf(vm);
    if (!session.enter(uid)) return {};
    try {
      return await this.#converge(vm, { session, connection: session.link.connection }, signal, logger);
    } finally {
      session.leave(uid);
    }
  }

  /** Look, act, look again, until nothing is left to do or the host needs time. */
  async #converge(vm: VirtualMachine, link: Link, signal: AbortSignal, logger: Logger): Promise<Result> {
    let stored = vm;
    let view = await look(this.#context, vm, link, signal);
    let outcome: Outcome = { done: [] };
    for (let round = 0; round < roundsMax && isWorthDoing(view.plan, outcome); round++) {
      stored = await this.#writeIntent(stored, view);
      outcome = await execute(view.plan.actions, link.connection, this.#context.openContent, signal);
      tell(view.vm, outcome, this.#context.record, logger);
      noteDoubts(link.session, stored, outcome);
      const memory = remember({ ...view, memory: intentOf(view) }, outcome, this.#context.clock.now());
      view = await look(this.#context, { ...stored, status: memory }, link, signal);
    }
    return this.#conclude(stored, view, outcome.failed);
  }

  /** Makes durable what must be, before the first side effect. */
  async #writeIntent(stored: VirtualMachine, view: View): Promise<VirtualMachine> {
    const intent = intentOf(view);
    return intent === view.memory ? stored : writeStatus(this.#context, stored, intent);
  }

  async #conclude(stored: VirtualMachine, view: View, failed: Outcome["failed"]): Promise<Result> {
    const { wanted, observed, memory, desired } = view;
    if (wanted === "Gone" && failed === undefined && isAtRest(view.plan) && observed.domain === undefined) {
      await finalize(this.#context, stored);
      return {};
    }
    const plan = failed === undefined ? view.plan : planAfter(failed, view.plan);
    const failure = failed === undefined ? {} : { failure: messageOf(failed.error) };
    const now = this.#context.clock.now();
    const vm = view.vm;
    await writeStatus(
      this.#context,
      stored,
      machineStatus({ vm, memory, wanted, observed, desired, plan, now, ...failure }),
    );
    if (failed !== undefined && !isRecorded(failed)) throw failed.error;
    return requeue(plan, memory);
  }

  /** While the host cannot be asked, nothing is concluded and nothing is done. */
  async #hostUnknown(
    vm: VirtualMachine,
    hostName: string,
    session: HostSession | undefined,
  ): Promise<Result> {
    const exists = this.#context.hostNamed(hostName) !== undefined;
    if (exists && session?.link.state !== "unreachable") return {};
    const why =
      session?.link.state === "unreachable" ? session.link.message : "there is no Host of that name";
    const blockedBy = {
      reason: "HostUnreachable" as const,
      message: `host "${hostName}" cannot be asked: ${why}`,
    };
    const memory = vm.status ?? {};
    const wanted = wantedState(vm, undefined);
    const now = this.#context.clock.now();
    const plan = { actions: [], blockedBy };
    const status = machineStatus({ vm, memory, wanted, observed: undefined, desired: undefined, plan, now });
    await writeStatus(this.#context, vm, status);
    return {};
  }
}

function isWorthDoing(plan: Plan, { done, failed }: Outcome): boolean {
  if (failed !== undefined || plan.actions.length === 0) return false;
  // A plan that begins with what was done just now: the host needs time, not another push.
  return !done.some((action) => action.type === plan.actions[0]?.type);
}

function isAtRest(plan: Plan): boolean {
  return plan.actions.length === 0 && plan.blockedBy === undefined;
}

function intentOf({ vm, memory, desired, plan }: View): VirtualMachineStatus {
  return recordIntent(vm, memory, desired.type === "resolved" ? desired.machine : undefined, plan.actions);
}

/** After a deed nothing that was seen before it counts. */
function noteDoubts(session: HostSession, vm: VirtualMachine, { done, failed }: Outcome): void {
  for (const action of [...done, ...(failed === undefined ? [] : [failed.action])]) {
    if (!touchesVolumes(action)) session.doubt(uidOf(vm));
  }
  for (const action of done) {
    if (action.type === "DeleteVolume") session.noteVolume(action.volume, undefined);
    if (action.type !== "EnsureVolume") continue;
    const { volume, capacityBytes } = action.spec;
    session.noteVolume(volume, { name: volume, capacityBytes });
  }
}

function touchesVolumes(action: Action): boolean {
  return action.type === "DeleteVolume" || action.type === "EnsureVolume" || action.type === "EnsureContent";
}

/** What the steps just taken change about what must be remembered. */
function remember(
  { memory, desired, vm }: View,
  { done, failed }: Outcome,
  now: number,
): VirtualMachineStatus {
  let next = memory;
  for (const action of done) {
    if (action.type === "ShutdownDomain" || action.type === "DestroyDomain")
      next = noteShutdownRequested(next, now);
    if (action.type === "StartDomain" && desired.type === "resolved") {
      next = noteStarted(next, definitionHash(desired.definition), now);
    }
  }
  if (failed === undefined || !isFailedStart(failed)) return next;
  const started = vm.spec.runStrategy === "Once" ? { started: false } : {};
  return { ...next, ...started, startFailure: startFailed(next.startFailure, messageOf(failed.error), now) };
}

type Failed = NonNullable<Outcome["failed"]>;

/** A start that did not come about, for certain. */
function isFailedStart({ action, error }: Failed): boolean {
  return (
    action.type === "StartDomain" &&
    !hasReason(error, "OutcomeUnknown") &&
    !hasReason(error, "HostUnreachable")
  );
}

/** Failures that the status carries with a time to try again; all others are the controller's to retry. */
function isRecorded(failed: Failed): boolean {
  return isFailedStart(failed) || hasReason(failed.error, "OwnershipConflict");
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
