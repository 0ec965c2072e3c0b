import { hasReason } from "../../runtime/errors.ts";
import { resolveRequest } from "../../scheduler/request.ts";
import { findCondition } from "../../schema/conditions.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { queuedRevision } from "../binding/turn.ts";
import type { Result } from "../reconcile.ts";
import type { BlockReason } from "./actions.ts";
import type { MachineContext, Placer } from "./context.ts";
import { noteDecision } from "./decisions.ts";
import { type DesiredMachine, resolveMachine, resourcesOf, uidOf } from "./desired.ts";
import { recordVolumes } from "./intent.ts";
import { removeLeftBehind } from "./left-behind.ts";
import { noteObserved } from "./memory.ts";
import { wantedState } from "./run-strategy.ts";
import { machineStatus } from "./status.ts";
import { waitingVolume } from "./volumes.ts";
import { finalize, writeStatus } from "./write.ts";

/** The machine with its placement written down, or what to do about one that gets none now. */
export type PlacedOrDone =
  | { readonly type: "placed"; readonly vm: VirtualMachine; readonly hostName: string }
  | { readonly type: "done"; readonly result: Result };

/** What a placement needs. */
export interface PlaceContext
  extends Pick<
    MachineContext,
    | "store"
    | "sessions"
    | "lookups"
    | "clock"
    | "noteLetGo"
    | "hostNamed"
    | "clusterId"
    | "mayAct"
    | "circumstances"
    | "record"
  > {
  readonly placer: Pick<Placer, "place" | "release">;
}

const retryMs = 30_000;
/** Whoever may be placed earlier is called. */
const surveyMs = 1_000;

/**
 * Finds a host for a machine that should run and writes the placement down before anything is done there.
 * A machine that should not run needs no host.
 */
export async function placeMachine(
  context: PlaceContext,
  vm: VirtualMachine,
  signal: AbortSignal,
): Promise<PlacedOrDone> {
  const memory = noteObserved(vm, undefined, context.clock.now());
  const wanted = wantedState({ ...vm, status: memory }, undefined);
  if (wanted !== "Running") context.placer.release(uidOf(vm));
  if (wanted === "Gone") {
    const left = await removeLeftBehind(context, vm, signal);
    if (left !== undefined) return writeBlocked(context, vm, memory, left);
    await finalize(context, vm);
    return { type: "done", result: {} };
  }
  if (wanted !== "Running") return writeUnplaced(context, vm, memory);
  const resolution = resolveMachine(vm, context.lookups);
  if (resolution.type === "blocked") return writeBlocked(context, vm, memory, resolution.blockedBy);
  const { machine } = resolution;
  const disk = machine.disks.find(({ blockedBy }) => blockedBy !== undefined);
  const waiting = disk?.blockedBy ?? waitingVolume(machine.volumes);
  if (waiting !== undefined) return writeBlocked(context, vm, memory, waiting);
  const asked = resolveRequest(vm, context.lookups);
  if (asked.type === "blocked") return writeBlocked(context, vm, memory, asked);
  if (!context.circumstances.mayPlace) return { type: "done", result: { requeueAfterMs: surveyMs } };
  const queued = queuedRevision(vm);
  const request = { ...asked.request, resources: resourcesOf(machine) };
  const placement = await context.placer.place({ request, revision: Number(queued) });
  const remembered = noteDecision({ ...memory, queuedRevision: queued }, placement.decision);
  return placement.type === "placed"
    ? bind(context, vm, remembered, machine, placement.hostName)
    : writeUnplaced(context, vm, remembered, { reason: "Unschedulable", message: placement.message });
}

/**
 * Writes the placement down. Gives the room back when that is refused; a write that was not answered may have
 * been made, which the next look at the machine tells.
 */
export async function bind(
  context: PlaceContext,
  vm: VirtualMachine,
  memory: VirtualMachineStatus,
  machine: DesiredMachine,
  hostName: string,
): Promise<Extract<PlacedOrDone, { readonly type: "placed" }>> {
  const link = context.sessions.get(hostName)?.link;
  const placed = {
    ...recordVolumes(memory, machine),
    hostName,
    ...(link?.state === "connected" ? { hostUuid: link.facts.hostUuid } : {}),
    allocated: resourcesOf(machine),
    placementEpoch: (memory.placementEpoch ?? 0) + 1,
  };
  try {
    return { type: "placed", vm: await write(context, vm, placed), hostName };
  } catch (error) {
    if (!hasReason(error, "Timeout")) context.placer.release(uidOf(vm));
    throw error;
  }
}

async function writeUnplaced(
  context: PlaceContext,
  vm: VirtualMachine,
  memory: VirtualMachineStatus,
  blockedBy?: BlockReason,
): Promise<PlacedOrDone> {
  await write(context, vm, memory, blockedBy);
  return { type: "done", result: {} };
}

/** Something that it names is not there or not ready: it does not even wait for a host. */
async function writeBlocked(
  context: PlaceContext,
  vm: VirtualMachine,
  memory: VirtualMachineStatus,
  { reason, message }: BlockReason,
): Promise<PlacedOrDone> {
  context.placer.release(uidOf(vm));
  await write(context, vm, memory, { reason, message });
  return { type: "done", result: { requeueAfterMs: retryMs } };
}

async function write(
  context: PlaceContext,
  vm: VirtualMachine,
  memory: VirtualMachineStatus,
  blockedBy?: BlockReason,
): Promise<VirtualMachine> {
  const status = machineStatus({
    vm,
    memory,
    wanted: wantedState({ ...vm, status: memory }, undefined),
    observed: { domain: undefined, volumes: new Map() },
    desired: undefined,
    plan: blockedBy === undefined ? { actions: [] } : { actions: [], blockedBy },
    now: context.clock.now(),
  });
  const written = await writeStatus(context, vm, status);
  if (blockedBy !== undefined && isNews(vm, blockedBy)) {
    context.record(vm, "Warning", "FailedScheduling", blockedBy.message);
  }
  return written;
}

/** Not what changes about it while it waits, nor what passes by itself. */
function isNews({ status }: VirtualMachine, { reason }: BlockReason): boolean {
  const before = findCondition(status?.conditions, "Scheduled")?.reason;
  return before !== reason && !reason.endsWith("NotReady");
}
