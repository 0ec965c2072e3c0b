import type { HostConnection, HostFacts, ObservedDomain, OwnershipMark } from "../../drivers/driver.ts";
import { deepEqual } from "../../runtime/equal.ts";
import type { Resources } from "../../schema/host.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { atLeast } from "../binding/at-least.ts";
import type { Plan } from "./actions.ts";
import type { MachineContext, Placer } from "./context.ts";
import { defineMachine, domainNameOf, isOwn, markOf, resolveMachine, resourcesOf, uidOf } from "./desired.ts";
import { noteInterfaces } from "./interfaces.ts";
import { noteLeftBehind } from "./left-behind.ts";
import type { Link } from "./link.ts";
import { noteObserved, noteVolumes } from "./memory.ts";
import { planVirtualMachine } from "./plan.ts";
import type { Desired, ObservedMachine } from "./plan-input.ts";
import { isActive, type Wanted, wantedState } from "./run-strategy.ts";
import { noteVolumesSeen } from "./volume-memory.ts";
import { unwantedVolumes } from "./volume-steps.ts";

/** A machine and its host as seen at one moment, and what follows from that. */
export interface View {
  /** With the memory as its status. */
  readonly vm: VirtualMachine;
  readonly memory: VirtualMachineStatus;
  readonly wanted: Wanted;
  readonly observed: ObservedMachine;
  readonly desired: Desired;
  readonly plan: Plan;
}

/** What a look needs. */
export interface LookContext
  extends Pick<
    MachineContext,
    "sessions" | "lookups" | "hostNamed" | "clusterId" | "clock" | "isRestoreAccepted"
  > {
  readonly placer: Pick<Placer, "reserve">;
}

/** Looks at the machine's domain, where that is in doubt, and plans. Changes nothing on the host. */
export async function look(
  context: LookContext,
  vm: VirtualMachine,
  link: Link,
  signal: AbortSignal,
): Promise<View> {
  const { clock, clusterId } = context;
  const mark = markOf(vm, clusterId);
  const observed = await observe(context, vm, mark, link, signal);
  const { domain } = observed;
  const now = clock.now();
  const noted = noteLeftBehind(context, vm, note(vm, observed, link.facts, now));
  const known = { ...vm, status: context.isRestoreAccepted() ? noteEpoch(noted, domain) : noted };
  const wanted = wantedState(known, domain);
  const desired = desiredOn(context, known, domain, link.hostName);
  const linked = { ...known, status: noteVolumeLinks(known, desired, observed, now) };
  const { memory, noRoom } = reserveRoom(context, linked, desired, domain, link.hostName);
  const planned = { ...known, status: memory };
  const plan = planVirtualMachine({ vm: planned, mark, wanted, observed, desired, noRoom, now });
  return { vm: planned, memory, wanted, observed, desired, plan };
}

async function observe(
  { sessions }: LookContext,
  vm: VirtualMachine,
  mark: OwnershipMark,
  { session, connection, hostName }: Link,
  signal: AbortSignal,
): Promise<ObservedMachine> {
  const { volumes } = session;
  const found = await session.domain(connection, mark.uid, signal);
  if (found !== undefined) {
    if (!isOwn(mark, found)) return { domain: undefined, volumes, foreign: found };
    if (isActive(found)) {
      const { addresses } = session.lastLook;
      return { domain: found, volumes, addresses, ...(await liveVolumes(vm, connection, mark.uid, signal)) };
    }
  }
  const activeElsewhere = await sessions.findActive(mark.uid, hostName, signal);
  const namesake = found === undefined ? session.findNamesake(domainNameOf(vm), mark.uid) : undefined;
  return {
    domain: found,
    volumes,
    ...(activeElsewhere === undefined ? {} : { activeElsewhere }),
    ...(namesake === undefined ? {} : { namesake }),
  };
}

/** Only a machine with Volumes is asked for them. */
async function liveVolumes(
  { spec, status }: VirtualMachine,
  connection: HostConnection,
  uid: string,
  signal: AbortSignal,
): Promise<Pick<ObservedMachine, "live">> {
  const has =
    (status?.attachedVolumes?.length ?? 0) > 0 || spec.disks.some((disk) => disk.volume !== undefined);
  if (!has) return {};
  const seen = await connection.observeVolumes(uid, signal);
  return { live: new Map(seen.map((volume) => [volume.volume, volume])) };
}

/** Of a domain that is not the machine's nothing is learned. */
function noteVolumeLinks(
  vm: VirtualMachine,
  desired: Desired,
  { domain, foreign, live = new Map() }: ObservedMachine,
  now: number,
): VirtualMachineStatus {
  const status = vm.status ?? {};
  if (foreign !== undefined) return status;
  const unwanted = unwantedVolumes({ vm, desired });
  return noteVolumesSeen(status, { live, defined: domain?.definition?.volumes ?? [], unwanted, now });
}

/** A store that was brought back learns from the machine's own host how often it was placed since. */
function noteEpoch(status: VirtualMachineStatus, domain: ObservedDomain | undefined): VirtualMachineStatus {
  const { epoch } = domain?.mark ?? { epoch: 0 };
  return epoch > (status.placementEpoch ?? 0) ? { ...status, placementEpoch: epoch } : status;
}

/** What the look adds to the memory; of a domain that is not the machine's nothing is learned. */
function note(
  vm: VirtualMachine,
  { domain, foreign, volumes, addresses }: ObservedMachine,
  { hostUuid }: HostFacts,
  now: number,
): VirtualMachineStatus {
  if (foreign !== undefined) return vm.status ?? {};
  const seen = noteInterfaces(noteObserved(vm, domain, now), domain, addresses);
  const memory = noteVolumes(seen, volumes);
  return memory.hostUuid === hostUuid ? memory : { ...memory, hostUuid };
}

function desiredOn(
  { lookups, clusterId, hostNamed }: LookContext,
  vm: VirtualMachine,
  domain: ObservedDomain | undefined,
  hostName: string,
): Desired {
  const resolution = resolveMachine(vm, lookups);
  if (resolution.type === "blocked") return resolution;
  const accelerator = hostNamed(hostName)?.status?.accelerator;
  if (accelerator === undefined) {
    const message = `what host "${hostName}" starts machines with is not known yet`;
    return { type: "blocked", blockedBy: { reason: "HostNotReady", message } };
  }
  const { machine } = resolution;
  const definition = defineMachine(machine, clusterId, accelerator);
  // A domain that was renamed by hand keeps its name: only undefining it could change that.
  const domainName = domain?.domainName ?? definition.domainName;
  return { type: "resolved", machine, definition: { ...definition, domainName } };
}

/**
 * Keeps what the host has set aside for the machine at what it asks for, as soon as there is room. While it
 * runs it has what it was started with, too.
 */
function reserveRoom(
  { placer }: LookContext,
  vm: VirtualMachine,
  desired: Desired,
  domain: ObservedDomain | undefined,
  hostName: string,
): { readonly memory: VirtualMachineStatus; readonly noRoom?: string } {
  const memory = vm.status ?? {};
  if (desired.type === "blocked" || vm.metadata.deletionTimestamp !== undefined) return { memory };
  const resources = roomFor(resourcesOf(desired.machine), memory, domain);
  if (deepEqual(resources, memory.allocated)) return { memory };
  const noRoom = placer.reserve(uidOf(vm), hostName, resources);
  return noRoom === undefined ? { memory: { ...memory, allocated: resources } } : { memory, noRoom };
}

function roomFor(
  asked: Resources,
  { allocated, preempted }: VirtualMachineStatus,
  domain: ObservedDomain | undefined,
): Resources {
  if (isActive(domain)) return atLeast(asked, allocated ?? asked);
  return preempted === undefined ? asked : { ...asked, cpus: 0, memoryBytes: 0 };
}
