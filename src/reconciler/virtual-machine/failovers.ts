import { hasReason } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import { resolveRequest } from "../../scheduler/request.ts";
import type { Fence } from "../../schema/fence.ts";
import { HostKind } from "../../schema/host.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { placedRequest } from "../binding/placed-request.ts";
import { queuedRevision } from "../binding/turn.ts";
import type { MachineContext } from "./context.ts";
import { noteDecision } from "./decisions.ts";
import { resolveMachine, resourcesOf, uidOf } from "./desired.ts";
import { departed, type FailoverAnswer, judgeFailover } from "./failover.ts";
import { bind } from "./place.ts";
import { waitingVolume } from "./volumes.ts";

/** What became of a machine whose host cannot be asked. */
export type Moved =
  | { readonly type: "placed"; readonly vm: VirtualMachine; readonly hostName: string }
  /** It stays where it is; `message` says what is against moving it, where somebody wants that. */
  | { readonly type: "stays"; readonly message?: string };

/**
 * Starts machines elsewhere whose hosts are confirmed to be down. One write says on what proof, where to, and
 * under which new epoch, before anything is sent to the new host. Until there is a host that takes it a
 * machine stays placed where it is: should its host come back before, nothing has happened.
 */
export class Failovers {
  readonly #context: MachineContext;
  /** Uids of those that have asked for another host and have not been told yet. */
  readonly #asked = new Set<string>();

  constructor(context: MachineContext) {
    this.#context = context;
  }

  /** Moves the machine if somebody vouches for it that its host is down, and another one takes it. */
  async move(vm: VirtualMachine, hostName: string, logger: Logger): Promise<Moved> {
    const answer = this.#judge(vm, hostName, this.#context.hostNamed(hostName));
    if (answer.type === "go") return this.#place(vm, hostName, answer.fence, logger);
    this.stays(vm, hostName);
    return answer.type === "held" ? { type: "stays", message: answer.message } : { type: "stays" };
  }

  /** The machine needs no other host, be it that its own answers: it keeps its room there. */
  stays(vm: VirtualMachine, hostName: string): void {
    if (!this.#asked.delete(uidOf(vm))) return;
    const { placer, lookups } = this.#context;
    placer.stay(placedRequest(vm, undefined, lookups), hostName);
  }

  #judge(
    vm: VirtualMachine,
    hostName: string,
    host: Parameters<typeof judgeFailover>[0]["host"],
  ): FailoverAnswer {
    const { circumstances, clock, sessions } = this.#context;
    const { isMassOutage, mayMove } = circumstances;
    if (sessions.get(hostName)?.link.state !== "unreachable" || !mayMove) return { type: "wait" };
    return judgeFailover({ vm, host, isMassOutage, now: clock.now() });
  }

  async #place(vm: VirtualMachine, hostName: string, fence: Fence, logger: Logger): Promise<Moved> {
    const { clock, lookups, placer, record, store } = this.#context;
    const away = { ...vm, status: departed(vm, fence, clock.now()) };
    const held = (why: string): Moved => {
      return { type: "stays", message: `host "${hostName}" is confirmed down, but ${why}` };
    };
    // It could not come for another host, and so does not wait for one.
    const lacking = (why: string): Moved => {
      this.stays(vm, hostName);
      return held(why);
    };
    const resolution = resolveMachine(away, lookups);
    if (resolution.type === "blocked") return lacking(resolution.blockedBy.message);
    const { machine } = resolution;
    const disk = machine.disks.find(({ blockedBy }) => blockedBy !== undefined);
    const waiting = disk?.blockedBy ?? waitingVolume(machine.volumes);
    if (waiting !== undefined) return lacking(waiting.message);
    const asked = resolveRequest(away, lookups);
    if (asked.type === "blocked") return lacking(asked.message);
    const request = { ...asked.request, resources: resourcesOf(machine) };
    this.#asked.add(request.uid);
    const placed = { request: placedRequest(vm, undefined, lookups), hostName };
    const answer = await placer.place({ request, revision: Number(queuedRevision(vm)), placed });
    if (answer.type === "unschedulable") return held(`no other can take it: ${answer.message}`);
    // What was said may have been taken back, and the host may have come back, while it waited for its turn.
    const still = this.#judge(vm, hostName, await store.get(HostKind, { name: hostName }));
    if (still.type !== "go" || answer.hostName === hostName) {
      this.stays(vm, hostName);
      return { type: "stays" };
    }
    const memory = noteDecision(away.status, answer.decision);
    try {
      const moved = await bind(this.#context, vm, memory, machine, answer.hostName);
      this.#asked.delete(request.uid);
      const message = `${away.status.departure?.message}; it starts on host "${answer.hostName}"`;
      logger.warn("machine starts elsewhere", { from: hostName, to: answer.hostName, by: fence.statedBy });
      record(vm, "Warning", "FailedOver", message + keptDisks(vm, hostName));
      return moved;
    } catch (error) {
      // It may have moved: the next look at it tells, and says where it stays.
      if (!hasReason(error, "Timeout")) this.stays(vm, hostName);
      throw error;
    }
  }
}

function keptDisks({ status }: VirtualMachine, hostName: string): string {
  const volumes = (status?.volumes ?? []).map(({ volume }) => volume);
  if (volumes.length === 0) return "";
  return ` with new disks; those with its data are kept on host "${hostName}": ${volumes.join(", ")}`;
}
