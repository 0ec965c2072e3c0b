import { findCondition, isTrue } from "../../schema/conditions.ts";
import type { Volume } from "../../schema/volume.ts";
import type { Complain } from "./audit.ts";
import type { SimHost } from "./sim-host.ts";
import type { World } from "./world.ts";

/** L1 and L3 for volumes: each is as it says, and of what was deleted nothing is left. */
export function findUnsettledVolumes(world: World, complain: Complain): void {
  for (const host of world.hosts.values()) {
    for (const { name } of host.fake.pool(world.clusterId).list()) {
      const uid = /^volume-([0-9a-f-]{36})\./.exec(name)?.[1];
      if (uid !== undefined && !mayHold(world, host, uid)) complain("L3", `${name} is left on ${host.name}`);
    }
  }
  for (const volume of world.audit.volumes.values()) {
    const fault = faultOf(world, volume);
    if (fault !== undefined) complain("L1", `volume ${volume.metadata.name} ${fault}`);
  }
}

/**
 * Whether this host is where the volume's data is, as far as anybody knows. What it makes late of a volume
 * that has moved on cannot be told from data by others than who has asked for it; what a move has left is not
 * waited for when its Host is removed.
 */
function mayHold(world: World, host: SimHost, uid: string): boolean {
  const { lateOrders, leftCopies } = world.watch;
  if (leftCopies.isForgotten(host.name, uid)) return true;
  const status = world.audit.volumes.get(uid)?.status;
  if (status === undefined) return lateOrders.isNobodys(host.name, uid);
  const isElsewhere = status.hostUuid !== undefined && status.hostUuid !== host.fake.facts.hostUuid;
  return !isElsewhere || status.move !== undefined || lateOrders.isOfTheDead(host.name, uid);
}

function faultOf(world: World, { metadata, status }: Volume): string | undefined {
  const { phase = "Pending", hostName, hostUuid, volume = "" } = status ?? {};
  const uri = hostName === undefined ? undefined : world.audit.hosts.get(hostName)?.spec.uri;
  const host = uri === undefined ? undefined : world.driverParts.resolve(uri);
  if (host !== undefined && hostUuid !== undefined && hostUuid !== host.fake.facts.hostUuid) return undefined;
  const isThere = host?.fake.pool(world.clusterId).has(volume) === true;
  const isNamed = [...world.audit.machines.values()].some(({ spec }) =>
    spec.disks.some((disk) => disk.volume === metadata.name),
  );
  switch (phase) {
    case "Lost":
      return isThere ? "says that it is lost, and is there" : undefined;
    case "Pending":
      if (!hasRoom(world)) return undefined;
      return `is Pending: ${findCondition(status?.conditions, "Ready")?.message}`;
    case "Unknown":
    case "Moving":
      return `is ${phase}: ${findCondition(status?.conditions, "Ready")?.message}`;
    case "Deleting":
      return isNamed ? undefined : "is still being deleted";
    default:
      return isThere ? undefined : `says ${phase}, and is not there`;
  }
}

/** Whether any host takes what is new. */
function hasRoom(world: World): boolean {
  return [...world.audit.hosts.values()].some(
    ({ spec, status }) => !spec.unschedulable && isTrue(status?.conditions, "Ready"),
  );
}
