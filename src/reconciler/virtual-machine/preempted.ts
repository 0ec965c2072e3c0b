import { formatTime } from "../../runtime/clock.ts";
import { resolveRequest } from "../../scheduler/request.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { placedRequest } from "../binding/placed-request.ts";
import { queuedRevision } from "../binding/turn.ts";
import type { Result } from "../reconcile.ts";
import type { MachineContext } from "./context.ts";
import { noteDecision } from "./decisions.ts";
import { resolveMachine, resourcesOf, uidOf } from "./desired.ts";
import { writeStatus } from "./write.ts";

type PreemptionContext = Pick<MachineContext, "store" | "lookups" | "clock" | "placer" | "record">;

/** The machine, with it written down when it must make room for another one: before it is stopped. */
export async function notePreemption(
  context: PreemptionContext,
  vm: VirtualMachine,
): Promise<VirtualMachine> {
  const { clock, placer, record } = context;
  const { status = {} } = vm;
  const isSettled = status.preempted !== undefined || status.leaving !== undefined;
  const decision = isSettled || vm.spec.runStrategy !== "Always" ? undefined : placer.preemptionOf(uidOf(vm));
  if (decision === undefined) return vm;
  record(vm, "Warning", "Preempted", decision.message);
  const preempted = { since: formatTime(clock.now()), message: decision.message };
  return writeStatus(context, vm, { ...noteDecision(status, decision), preempted });
}

/**
 * A preempted machine that has stopped waits until its host has room for it again. One without data there
 * goes back into the queue for any host.
 */
export async function returnPreempted(
  context: PreemptionContext,
  vm: VirtualMachine,
  hostName: string,
): Promise<Result> {
  const { clock, lookups, placer } = context;
  const { preempted, ...status } = vm.status ?? {};
  const resolution = resolveMachine(vm, lookups);
  const asked = resolveRequest(vm, lookups);
  if (resolution.type === "blocked" || asked.type === "blocked") {
    forgoReturn(context, vm);
    return {};
  }
  if (preempted === undefined) return {};
  const resources = resourcesOf(resolution.machine);
  // A disk that its spec names no more is kept until the machine is deleted.
  const { volumes = [] } = status;
  if (resources.diskBytes === 0 && volumes.length === 0 && asked.request.volumeHosts.length === 0) {
    const { message } = preempted;
    const leaving = { reason: "Preempted" as const, since: formatTime(clock.now()), message };
    await writeStatus(context, vm, { ...status, leaving });
    return { requeueAfterMs: 0 };
  }
  const request = { ...asked.request, resources, volumeHosts: [hostName] };
  const placed = { request: placedRequest(vm, undefined, lookups), hostName };
  const answer = await placer.place({ request, revision: Number(queuedRevision(vm)), placed });
  if (answer.type === "unschedulable") return {};
  await writeStatus(context, vm, { ...noteDecision(status, answer.decision), allocated: resources });
  return { requeueAfterMs: 0 };
}

/** A preempted machine cannot or need not run now: it waits for no room, and has what is written down. */
export function forgoReturn(
  { lookups, placer }: Pick<PreemptionContext, "lookups" | "placer">,
  vm: VirtualMachine,
): void {
  const { hostName, preempted } = vm.status ?? {};
  if (hostName === undefined || preempted === undefined) return;
  placer.stay(placedRequest(vm, undefined, lookups), hostName);
}
