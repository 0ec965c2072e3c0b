import type { Clock } from "../../runtime/clock.ts";
import { deepEqual } from "../../runtime/equal.ts";
import { assertNever, hasReason, messageOf, StatusError } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import { keyOf, type ObjectKey } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import {
  type Volume,
  VolumeKind,
  type VolumeMove,
  type VolumeStatus,
  volumeFinalizer,
} from "../../schema/volume.ts";
import type { Store } from "../../store/store.ts";
import type { OwnStatuses } from "../own-statuses.ts";
import { LoggedError, type Reconciler, type Result } from "../reconcile.ts";
import { UnansweredCalls } from "../unanswered-calls.ts";
import type { Spot, VolumeAction, VolumeBlock, VolumePlan } from "./actions.ts";
import { diskOf } from "./claim.ts";
import { VolumeHands, type VolumeHandsOptions } from "./hands.ts";
import { fileOf, noteSeen, planVolume, rememberStep } from "./plan.ts";
import type { Place, VolumePlanInput } from "./plan-input.ts";
import type { VolumeRoom } from "./room.ts";
import { volumeStatus } from "./status.ts";

export interface VolumeContext extends VolumeHandsOptions {
  readonly store: Store;
  readonly own: Pick<OwnStatuses, "note">;
  /** Machines that name the volume in their spec, as far as heard. */
  readonly machinesNaming: (volume: ObjectKey) => readonly VirtualMachine[];
  readonly room: VolumeRoom;
  /** Told of a Volume of which nothing is left. */
  readonly noteLetGo: (uid: string) => void;
  readonly clock: Clock;
}

const standStillMs = 5_000;
const stillBlockedMs = 30_000;
const recheckCopyMs = 5_000;
/** More than any path from one state to another needs; what is not done by then goes on at the next look. */
const roundsMax = 12;
const attemptsMax = 5;

/** Makes a volume, keeps it where its machine is, and removes it. The only writer of its status. */
export class VolumeReconciler implements Reconciler {
  readonly #context: VolumeContext;
  readonly #hands: VolumeHands;
  readonly #unanswered: UnansweredCalls;

  constructor(context: VolumeContext) {
    this.#context = context;
    this.#hands = new VolumeHands(context);
    this.#unanswered = new UnansweredCalls(context.clock);
  }

  async reconcile(key: ObjectKey, signal: AbortSignal, logger: Logger): Promise<Result> {
    const { store, mayAct } = this.#context;
    const found = await store.get(VolumeKind, key);
    if (found === undefined || isLetGo(found)) return {};
    let volume = found;
    for (let round = 0; round < roundsMax; round++) {
      const view = await this.#look(volume);
      // Right before the step: an answer of the store may have taken longer than the lead lasts.
      if (!mayAct()) return { requeueAfterMs: standStillMs };
      const plan = planVolume(view);
      if (plan.type === "rest") return this.#conclude(volume, view, plan.blockedBy);
      const waitMs = removes(plan) ? this.#unanswered.waitMs(volume.metadata.uid ?? "") : 0;
      if (waitMs > 0) return { requeueAfterMs: waitMs };
      if (plan.type === "letGo") return this.#letGo(volume);
      volume = await this.#step(volume, view, plan, signal, logger);
    }
    return { requeueAfterMs: 0 };
  }

  /** The machine that has the claim. Read after the volume was: see `planClaim`. */
  async #holder({ metadata, status }: Volume): Promise<VirtualMachine | undefined> {
    const { attachedTo } = status ?? {};
    if (attachedTo === undefined) return undefined;
    const { name, uid } = attachedTo;
    const key = metadata.namespace === undefined ? { name } : { name, namespace: metadata.namespace };
    const found = await this.#context.store.get(VirtualMachineKind, key);
    return found?.metadata.uid === uid ? found : undefined;
  }

  /**
   * Machines that name it. Before one of them gets the claim they are read: one that was only heard to name
   * it, and does not any more, would get it and lose it again until that is heard.
   */
  async #wanting(volume: Volume): Promise<readonly VirtualMachine[]> {
    const { machinesNaming, store } = this.#context;
    const heard = machinesNaming(keyOf(volume));
    const isFree = volume.status?.attachedTo === undefined;
    const read = isFree
      ? await Promise.all(heard.map((vm) => store.get(VirtualMachineKind, keyOf(vm))))
      : heard;
    return read.flatMap((vm) =>
      vm === undefined || vm.metadata.deletionTimestamp !== undefined || diskOf(vm, volume) === undefined
        ? []
        : [vm],
    );
  }

  async #look(volume: Volume): Promise<VolumePlanInput> {
    const [holder, wanting] = [await this.#holder(volume), await this.#wanting(volume)];
    const { room } = this.#context;
    const { hostName, move } = volume.status ?? {};
    const hosts = room.hosts(volume);
    const renamed = move === undefined ? [] : this.#hands.namesOf(uuidsOf(move));
    const renamedTo = this.#hands.newNameOf(volume.status ?? {});
    const names = [hostName, renamedTo, move?.source, move?.target, ...renamed, holder?.status?.hostName];
    const places = this.#placesOf([...names, ...hosts.map(({ name }) => name)]);
    const seen = { ...volume, status: noteSeen(volume, places) };
    return { volume: seen, holder, wanting, places, hosts, renamedTo };
  }

  #placesOf(names: readonly (string | undefined)[]): ReadonlyMap<string, Place> {
    const known = new Set(names.filter((name) => name !== undefined));
    return new Map([...known].map((name) => [name, this.#hands.place(name)]));
  }

  /** Takes one step; the volume as it is stored afterwards. */
  async #step(
    volume: Volume,
    view: VolumePlanInput,
    plan: Exclude<VolumePlan, { readonly type: "rest" | "letGo" }>,
    signal: AbortSignal,
    logger: Logger,
  ): Promise<Volume> {
    switch (plan.type) {
      case "record":
        return this.#record(volume, view, plan.status, plan.blockedBy);
      case "beginMove":
        await this.#needAbsent(volume, view, plan.target, signal);
        return this.#record(volume, view, plan.status);
      case "act":
        await this.#act(volume, view, plan.action, signal, logger);
        return this.#record(volume, view, rememberStep(view.volume, plan.action));
      default:
        return assertNever(plan);
    }
  }

  async #act(
    volume: Volume,
    view: VolumePlanInput,
    action: VolumeAction,
    signal: AbortSignal,
    logger: Logger,
  ): Promise<void> {
    const { type, because } = action;
    try {
      await this.#perform(volume, action, signal);
      logger.info("step done", { step: type, because });
    } catch (error) {
      logger.warn("step failed", { step: type, error: messageOf(error) });
      if (type !== "DeleteVolume") this.#unanswered.note(volume.metadata.uid ?? "", error);
      await this.#write(volume, this.#statusOf(view, view.volume.status ?? {}, undefined, messageOf(error)));
      throw new LoggedError(error);
    }
  }

  /** Two Hosts may be one machine: what would go there as half a copy must not be the data itself. */
  async #needAbsent(volume: Volume, view: VolumePlanInput, target: Spot, signal: AbortSignal): Promise<void> {
    if (await this.#hands.isAbsent(target, fileOf(volume), signal)) return;
    const already = `host "${target.hostName}" has a "${fileOf(volume)}" already`;
    const message = `${already}: remove it there if it may go`;
    await this.#write(volume, this.#statusOf(view, view.volume.status ?? {}, undefined, message));
    throw new StatusError("Conflict", message);
  }

  /** A copy may take long: it is called off when it is not what is to be done any more. */
  async #perform(volume: Volume, action: VolumeAction, signal: AbortSignal): Promise<void> {
    if (action.type !== "CopyVolume") return this.#hands.perform(action, signal);
    const [ended, off] = [new AbortController(), new AbortController()];
    const watching = this.#watchCopy(volume, ended.signal, off);
    try {
      await this.#hands.perform(action, AbortSignal.any([signal, off.signal]));
    } finally {
      ended.abort();
      await watching;
    }
  }

  async #watchCopy(volume: Volume, ended: AbortSignal, off: AbortController): Promise<void> {
    const { clock } = this.#context;
    while (!off.signal.aborted) {
      await clock.sleep(recheckCopyMs, ended).catch(() => undefined);
      if (ended.aborted) return;
      // What cannot be read now is read again: nobody waits for this before the copy has ended.
      const goesOn = await this.#isToBeCopied(keyOf(volume)).catch(() => true);
      if (!goesOn) off.abort(new StatusError("Conflict", "the volume is not to be moved any more"));
    }
  }

  async #isToBeCopied(key: ObjectKey): Promise<boolean> {
    const fresh = await this.#context.store.get(VolumeKind, key);
    const plan = fresh && planVolume(await this.#look(fresh));
    return plan?.type === "act" && plan.action.type === "CopyVolume";
  }

  /** Writes down what must be remembered, whatever else of the object has changed meanwhile. */
  async #record(
    volume: Volume,
    view: VolumePlanInput,
    status: VolumeStatus,
    blockedBy?: VolumeBlock,
  ): Promise<Volume> {
    const next = this.#statusOf(view, status, blockedBy);
    const { room } = this.#context;
    room.enter({ ...volume, status: next });
    try {
      return await this.#write(volume, next);
    } catch (error) {
      room.enter(volume);
      throw error;
    }
  }

  #statusOf(
    { volume, holder }: VolumePlanInput,
    status: VolumeStatus,
    blockedBy?: VolumeBlock,
    failure?: string,
  ): VolumeStatus {
    const now = this.#context.clock.now();
    return volumeStatus({ volume: { ...volume, status }, holder, blockedBy, failure, now });
  }

  async #write(volume: Volume, status: VolumeStatus): Promise<Volume> {
    const { own, store } = this.#context;
    let base = volume;
    for (let attempt = 1; ; attempt += 1) {
      if (deepEqual(base.status, status)) return base;
      own.note(base, status);
      try {
        return await store.updateStatus(VolumeKind, { ...base, status });
      } catch (error) {
        if (!hasReason(error, "Conflict") || attempt === attemptsMax) throw error;
        const fresh = await store.get(VolumeKind, keyOf(volume));
        const isOurs = fresh?.metadata.uid === volume.metadata.uid && deepEqual(fresh?.status, volume.status);
        if (fresh === undefined || !isOurs) throw error;
        base = fresh;
      }
    }
  }

  async #conclude(
    volume: Volume,
    view: VolumePlanInput,
    blockedBy: VolumeBlock | undefined,
  ): Promise<Result> {
    const status = this.#statusOf(view, view.volume.status ?? {}, blockedBy);
    await this.#write(volume, status);
    const waits = blockedBy !== undefined || status.move !== undefined;
    return waits ? { requeueAfterMs: stillBlockedMs } : {};
  }

  /** Nothing of it is left on any host. */
  async #letGo(volume: Volume): Promise<Result> {
    const { metadata } = volume;
    const finalizers = metadata.finalizers?.filter((name) => name !== volumeFinalizer) ?? [];
    await this.#context.store.update(VolumeKind, { ...volume, metadata: { ...metadata, finalizers } });
    this.#context.noteLetGo(metadata.uid ?? "");
    return {};
  }
}

function uuidsOf({ sourceUuid, targetUuid }: VolumeMove): ReadonlySet<string> {
  return new Set([sourceUuid, targetUuid]);
}

/** Whether after it nobody looks any more for what may still be made where the volume is now. */
function removes(plan: VolumePlan): boolean {
  return plan.type === "act" && plan.action.type === "DeleteVolume";
}

/** Nothing of it is left; that the object is still there is for others. */
function isLetGo({ metadata }: Volume): boolean {
  return metadata.deletionTimestamp !== undefined && !metadata.finalizers?.includes(volumeFinalizer);
}
