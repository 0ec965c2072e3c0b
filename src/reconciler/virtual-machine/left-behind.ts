import { StatusError } from "../../runtime/errors.ts";
import type { LeftBehind } from "../../schema/departure.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import type { BlockReason } from "./actions.ts";
import type { MachineContext } from "./context.ts";
import { isOwn, markOf, uidOf } from "./desired.ts";

/** The link to the very machine on which it was left, under whatever name that is known. */
function linkTo(sessions: MachineContext["sessions"], { hostUuid }: LeftBehind) {
  for (const session of sessions.all) {
    const { link } = session;
    if (link.state === "connected" && link.facts.hostUuid === hostUuid) {
      return { session, connection: link.connection };
    }
  }
  return undefined;
}

type LeftContext = Pick<MachineContext, "sessions" | "hostNamed" | "clusterId" | "mayAct">;

/** The status without what was left on hosts that by now have nothing of it any more. */
export function noteLeftBehind(
  { sessions }: Pick<MachineContext, "sessions">,
  vm: VirtualMachine,
  status: VirtualMachineStatus,
): VirtualMachineStatus {
  if (status.leftBehind === undefined) return status;
  const { leftBehind, ...rest } = status;
  const kept = leftBehind.filter((left) => {
    const session = linkTo(sessions, left)?.session;
    if (session === undefined) return true;
    const isHome = session.hostName === status.hostName;
    const hasDomain = session.domains.has(uidOf(vm)) || session.isDoubted(uidOf(vm));
    return (hasDomain && !isHome) || left.volumes.some(({ volume }) => session.volumes.has(volume));
  });
  if (kept.length === leftBehind.length) return status;
  return kept.length === 0 ? rest : { ...rest, leftBehind: kept };
}

/**
 * Removes what a machine that is deleted has left on other hosts. Returns what it has to wait for: that one
 * of them can be asked again, or that a person removes what has its UUID there and is not its own. Of hosts
 * that were removed nothing is expected, unless they can be asked under another name.
 */
export async function removeLeftBehind(
  context: LeftContext,
  vm: VirtualMachine,
  signal: AbortSignal,
): Promise<BlockReason | undefined> {
  for (const left of vm.status?.leftBehind ?? []) {
    const waiting = await removeFrom(context, vm, left, signal);
    if (waiting !== undefined) return waiting;
  }
  return undefined;
}

async function removeFrom(
  { sessions, hostNamed, clusterId, mayAct }: LeftContext,
  vm: VirtualMachine,
  left: LeftBehind,
  signal: AbortSignal,
): Promise<BlockReason | undefined> {
  const { hostName, volumes } = left;
  const link = linkTo(sessions, left);
  if (link === undefined) {
    if (hostNamed(hostName) === undefined) return undefined;
    const message =
      `a copy of it is left on host "${hostName}", which cannot be asked: it is deleted when that answers, ` +
      "or when its Host is removed";
    return { reason: "HostUnreachable", message };
  }
  const { connection, session } = link;
  const mark = markOf(vm, clusterId);
  session.doubt(mark.uid);
  const domain = await session.domain(connection, mark.uid, signal);
  if (domain !== undefined && !isOwn(mark, domain)) {
    const message =
      `domain "${domain.domainName}" on host "${session.hostName}", where a copy of it is left, has its ` +
      "UUID but not its ownership mark; it is left alone: undefine it, or give it back its metadata";
    return { reason: "Conflict", message };
  }
  const steps = [
    ...(domain === undefined || domain.state === "shutoff"
      ? []
      : [() => connection.destroyDomain(mark, signal)]),
    ...(domain === undefined ? [] : [() => connection.undefineDomain(mark, signal)]),
    ...volumes.map(({ volume }) => async () => {
      await connection.deleteVolume(volume, signal);
      session.noteVolume(volume, undefined);
    }),
  ];
  for (const step of steps) {
    if (!mayAct()) throw new StatusError("ServiceUnavailable", "nothing may be changed on hosts now");
    await step();
    session.doubt(mark.uid);
  }
  return undefined;
}
