import type { HostConnection } from "../../drivers/driver.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import type { HostSession } from "../host/host-session.ts";
import type { Plan } from "./actions.ts";
import type { MachineContext } from "./context.ts";
import { defineMachine, markOf, resolveMachine, uidOf } from "./desired.ts";
import { noteObserved } from "./memory.ts";
import { type Desired, type ObservedMachine, planVirtualMachine } from "./plan.ts";
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

/** The live link to the machine's host. */
export interface Link {
  readonly session: HostSession;
  readonly connection: HostConnection;
}

/** Looks at the machine's domain, where that is in doubt, and plans. Changes nothing. */
export async function look(
  context: MachineContext,
  vm: VirtualMachine,
  { session, connection }: Link,
  signal: AbortSignal,
): Promise<View> {
  const { clock, clusterId } = context;
  const domain = await session.domain(connection, uidOf(vm), signal);
  const now = clock.now();
  const memory = noteObserved(vm, domain, now);
  const known = { ...vm, status: memory };
  const hostName = memory.hostName ?? "";
  const wanted = wantedState(known, domain);
  const observed = observe(context, known, { domain, volumes: session.volumes }, hostName);
  const desired = desiredOn(context, known, hostName);
  const mark = markOf(known, clusterId);
  const plan = planVirtualMachine({ vm: known, mark, wanted, observed, desired, now });
  return { vm: known, memory, wanted, observed, desired, plan };
}

function observe(
  { sessions }: MachineContext,
  vm: VirtualMachine,
  here: ObservedMachine,
  hostName: string,
): ObservedMachine {
  if (isActive(here.domain)) return here;
  const activeElsewhere = sessions.findActive(uidOf(vm), hostName);
  return activeElsewhere === undefined ? here : { ...here, activeElsewhere };
}

function desiredOn(
  { lookups, clusterId, hostNamed }: MachineContext,
  vm: VirtualMachine,
  hostName: string,
): Desired {
  const resolution = resolveMachine(vm, lookups);
  if (resolution.type === "blocked") return resolution;
  const accelerator = hostNamed(hostName)?.status?.accelerator;
  if (accelerator === undefined) {
    const message = `what host "${hostName}" starts machines with is not known yet`;
    return { type: "blocked", blockedBy: { reason: "HostUnreachable", message } };
  }
  const { machine } = resolution;
  return { type: "resolved", machine, definition: defineMachine(machine, clusterId, accelerator) };
}
