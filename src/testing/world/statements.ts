import { stateFence, withdrawFence } from "../../api/kubernetes/host-fence.ts";
import { hasReason } from "../../runtime/errors.ts";
import type { FenceRequest } from "../../schema/fence.ts";
import { type Host, HostKind } from "../../schema/host.ts";
import { standInClock } from "./stand-in-clock.ts";
import type { World } from "./world.ts";

const attemptsMax = 20;
/** What people have said, by host and time. */
const made = new WeakMap<World, Map<string, FenceRequest>>();

/** A person says that a host is down, as with `ostler host confirm-down`. */
export function confirmDown(
  world: World,
  hostName: string,
  request: Partial<FenceRequest> = {},
): Promise<void> {
  const stated = {
    reason: "somebody looked at it",
    expiresInSeconds: 3600,
    machines: "All",
    evenInMassOutage: false,
    ...request,
  } as const;
  return change(world, hostName, (host) => {
    const fenced = stateFence(host, stated, { userName: "admin", now: standInClock(world.time).now() });
    const key = `${hostName} ${fenced.status?.fence?.statedAt}`;
    made.set(world, (made.get(world) ?? new Map()).set(key, stated));
    return fenced;
  });
}

/** What a person said of the host at that time; undefined: nothing. */
export function wasStated(world: World, hostName: string, at: string): FenceRequest | undefined {
  return made.get(world)?.get(`${hostName} ${at}`);
}

/** The person takes it back. */
export function withdrawStatement(world: World, hostName: string): Promise<void> {
  return change(world, hostName, withdrawFence);
}

/** Tries again when the controller wrote first. */
async function change(world: World, name: string, to: (host: Host) => Host): Promise<void> {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const host = await world.store?.get(HostKind, { name });
    if (host === undefined) return;
    try {
      await world.store?.updateStatus(HostKind, to(host));
      return;
    } catch (error) {
      if (!hasReason(error, "Conflict") || attempt === attemptsMax || to(host) === host) throw error;
    }
  }
}
