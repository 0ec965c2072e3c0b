import type { HostFacts, ObservedDomain } from "../../drivers/driver.ts";
import { deepEqual } from "../../runtime/equal.ts";
import type { Resources } from "../../schema/host.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import type { Plan } from "./actions.ts";
import type { MachineContext } from "./context.ts";
import { defineMachine, domainNameOf, markOf, resolveMachine, resourcesOf, uidOf } from "./desired.ts";
import type { Link } from "./link.ts";
import { noteObserved, noteVolumes } from "./memory.ts";
import { planVirtualMachine } from "./plan.ts";
import type { Desired, ObservedMachine } from "./plan-input.ts";
import { isActive, type Wanted, wantedState } from "./run-strategy.ts";

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

/** Looks at the machine's domain, where that is in doubt, and plans. Changes nothing on the host. */
export async function look(
  context: MachineContext,
  vm: VirtualMachine,
  link: Link,
  signal: AbortSignal,
): Promise<View> {
  const { clock, clusterId } = context;
  const { session, connection, hostName, facts } = link;
  const domain = await session.domain(connection, uidOf(vm), signal);
  const now = clock.now();
  const seen = noteVolumes(noteObserved(vm, domain, now), session.volumes);
  const known = { ...vm, status: seen.hostUuid === facts.hostUuid ? seen : withHost(seen, facts) };
  const wanted = wantedState(known, domain);
  const desired = desiredOn(context, known, domain, hostName);
  const { memory, noRoom } = reserveRoom(context, known, desired, domain, hostName);
  const observed = observe(context, known, domain, link);
  const mark = markOf(known, clusterId);
  const planned = { ...known, status: memory };
  const plan = planVirtualMachine({ vm: planned, mark, wanted, observed, desired, noRoom, now });
  return { vm: planned, memory, wanted, observed, desired, plan };
}

function withHost(memory: VirtualMachineStatus, { hostUuid }: HostFacts): VirtualMachineStatus {
  return { ...memory, hostUuid };
}

function observe(
  { sessions }: MachineContext,
  vm: VirtualMachine,
  domain: ObservedDomain | undefined,
  { session, hostName }: Link,
): ObservedMachine {
  const here = { domain, volumes: session.volumes };
  if (isActive(domain)) return here;
  const activeElsewhere = sessions.findActive(uidOf(vm), hostName);
  const namesake = domain === undefined ? session.findNamesake(domainNameOf(vm), uidOf(vm)) : undefined;
  return {
    ...here,
    ...(activeElsewhere === undefined ? {} : { activeElsewhere }),
    ...(namesake === undefined ? {} : { namesake }),
  };
}

function desiredOn(
  { lookups, clusterId, hostNamed }: MachineContext,
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
  { placer }: MachineContext,
  vm: VirtualMachine,
  desired: Desired,
  domain: ObservedDomain | undefined,
  hostName: string,
): { readonly memory: VirtualMachineStatus; readonly noRoom?: string } {
  const memory = vm.status ?? {};
  if (desired.type === "blocked" || vm.metadata.deletionTimestamp !== undefined) return { memory };
  const asked = resourcesOf(desired.machine);
  const resources = isActive(domain) ? atLeast(asked, memory.allocated) : asked;
  if (deepEqual(resources, memory.allocated)) return { memory };
  const noRoom = placer.reserve(uidOf(vm), hostName, resources);
  return noRoom === undefined ? { memory: { ...memory, allocated: resources } } : { memory, noRoom };
}

function atLeast(asked: Resources, allocated: Resources = asked): Resources {
  return {
    cpus: Math.max(asked.cpus, allocated.cpus),
    memoryBytes: Math.max(asked.memoryBytes, allocated.memoryBytes),
    diskBytes: Math.max(asked.diskBytes, allocated.diskBytes),
  };
}
