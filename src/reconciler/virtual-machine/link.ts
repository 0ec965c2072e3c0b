import type { HostConnection, HostFacts } from "../../drivers/driver.ts";
import { formatTime } from "../../runtime/clock.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { HostSession } from "../host/host-session.ts";
import type { MachineContext } from "./context.ts";
import { uidOf, volumePrefix } from "./desired.ts";

/** The live link to a machine's host. */
export interface Link {
  readonly hostName: string;
  readonly session: HostSession;
  readonly connection: HostConnection;
  readonly facts: HostFacts;
}

export type Reach =
  | { readonly type: "linked"; readonly link: Link }
  /** The first attempt to connect is going on; all machines of the host are called when it has ended. */
  | { readonly type: "connecting" }
  /** Nothing can be found out about the machine now. */
  | { readonly type: "unknown"; readonly message: string };

/** The way to the host on which a machine is placed. */
export function reachHost(
  { sessions, hostNamed }: Pick<MachineContext, "sessions" | "hostNamed">,
  vm: VirtualMachine,
  hostName: string,
): Reach {
  if (hostNamed(hostName) === undefined) {
    return unknown(`there is no Host "${hostName}": add it again to go on with what is on it`);
  }
  const session = sessions.get(hostName);
  if (session === undefined || session.link.state === "connecting") return { type: "connecting" };
  if (session.link.state === "unreachable") {
    const { lastSeenMs } = session.link;
    const since = lastSeenMs === undefined ? "" : ` since ${formatTime(lastSeenMs)}`;
    return unknown(`host "${hostName}" cannot be asked${since}; its Host says why`);
  }
  const { connection, facts } = session.link;
  if (!isStranger(vm, facts, session)) {
    return { type: "linked", link: { hostName, session, connection, facts } };
  }
  return unknown(
    `what answers as host "${hostName}" has UUID ${facts.hostUuid}, not ${vm.status?.hostUuid}, ` +
      "and has nothing of this machine: it may run on the other; give the Host the URI of that one",
  );
}

function unknown(message: string): Extract<Reach, { readonly type: "unknown" }> {
  return { type: "unknown", message };
}

/**
 * Whether this is another host than the one the machine was placed on. Some hosts get a new UUID each time
 * they start, so whoever has something of the machine is believed.
 */
function isStranger(vm: VirtualMachine, facts: HostFacts, session: HostSession): boolean {
  const { status } = vm;
  if (status?.hostUuid === undefined || status.hostUuid === facts.hostUuid) return false;
  const uid = uidOf(vm);
  const { leftBehind = [] } = status;
  const domain = session.domains.get(uid);
  // What it has left on other hosts proves nothing.
  const leftEpoch = leftBehind.at(-1)?.epoch ?? -1;
  if (domain !== undefined && (domain.mark?.epoch ?? 0) > leftEpoch) return false;
  const left = new Set(leftBehind.flatMap(({ volumes }) => volumes.map(({ volume }) => volume)));
  const prefix = volumePrefix(uid);
  return !session.volumes.keys().some((volume) => volume.startsWith(prefix) && !left.has(volume));
}
