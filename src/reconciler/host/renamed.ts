import type { Host } from "../../schema/host.ts";
import type { HostSession } from "./host-session.ts";

/** Where something is, or was: a Host's name, and the UUID of the machine to which it led. */
export interface Whereabouts {
  readonly hostName: string;
  readonly hostUuid?: string | undefined;
}

/**
 * The session of the one Host that leads by now to the machine to which a Host led that was removed: who is
 * where is told by libvirt's UUID of a host, whatever the Host is called. Undefined while there is a Host by
 * the old name, and where none or several lead there. Two machines may carry one UUID by mistake: something
 * of what is looked for must be seen there, too.
 */
export function renamedHost(
  sessions: Iterable<HostSession>,
  hostNamed: (name: string) => Host | undefined,
  { hostName, hostUuid }: Whereabouts,
): HostSession | undefined {
  if (hostUuid === undefined || hostNamed(hostName) !== undefined) return undefined;
  const [found, ...others] = [...sessions].filter((session) => {
    const { link } = session;
    const host = hostNamed(session.hostName);
    if (link.state !== "connected" || link.facts.hostUuid !== hostUuid) return false;
    return host !== undefined && host.status?.duplicateOf === undefined;
  });
  return others.length > 0 ? undefined : found;
}
