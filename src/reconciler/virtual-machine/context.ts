import type { Clock } from "../../runtime/clock.ts";
import type { PlacementRequest, RequestLookups } from "../../scheduler/request.ts";
import type { Decision } from "../../schema/decision.ts";
import type { Host, Resources } from "../../schema/host.ts";
import type { Resource } from "../../schema/meta.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../binding/turn.ts";
import type { Circumstances } from "../host/circumstances.ts";
import type { HostSessions } from "../host/host-sessions.ts";
import type { Lookups } from "./desired.ts";
import type { OpenContent } from "./execute.ts";

/** What became of a machine's turn. */
export type PlacementAnswer =
  | { readonly type: "placed"; readonly hostName: string; readonly decision: Decision }
  | { readonly type: "unschedulable"; readonly message: string; readonly decision: Decision };

/** Gives machines their hosts and the room there. */
export interface Placer {
  /** Finds a host, when it is the machine's turn, and reserves the room there. */
  place(turn: Turn): Promise<PlacementAnswer>;
  /**
   * Reserves this much for a placed machine; why not, if the host has no room for it. What it has reserved
   * beyond that it keeps until `noteWritten`.
   */
  reserve(uid: string, hostName: string, resources: Resources): string | undefined;
  /** That the machine has this much on its host is written down: what else it had reserved is free. */
  noteWritten(uid: string, hostName: string, resources: Resources): void;
  /** The machine asks for no other host any more, nor for room to come back: it keeps this. */
  stay(request: PlacementRequest, hostName: string): void;
  /** Gives back what the machine has reserved, and its place in the queue. */
  release(uid: string): void;
  /** Whether a host other than these could take the machine, which has one of them, now. */
  hasAlternative(uid: string, hostNames: readonly string[]): boolean;
  /** A machine was started on the host, or could not be for a reason of the host. */
  noteStart(hostName: string, outcome: "started" | "failed"): void;
  /** Why the machine must make room for another one; undefined when it need not. */
  preemptionOf(uid: string): Decision | undefined;
  /** The next number for a decision. */
  nextSequence(): number;
}

/** Tells people about a machine or another object; never throws. */
export type RecordEvent = (
  object: Resource,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
) => void;

/** What the parts of the virtual machine reconciler share. */
export interface MachineContext {
  readonly store: Store;
  readonly sessions: HostSessions;
  readonly lookups: Lookups & RequestLookups;
  readonly hostNamed: (name: string) => Host | undefined;
  readonly placer: Placer;
  readonly openContent: OpenContent;
  readonly record: RecordEvent;
  /** Told of each machine that has given its host up, as that was written: its room there is free. */
  readonly noteLeft: (vm: VirtualMachine) => void;
  /** Told of each machine of which nothing is left, when its object may go. */
  readonly noteLetGo: (uid: string) => void;
  readonly clusterId: string;
  readonly clock: Clock;
  /** What may be decided, by how the hosts do as a whole. */
  readonly circumstances: Pick<Circumstances, "mayPlace" | "mayMove" | "isMassOutage">;
  /** Whether a person has agreed to go on from a store that is older than what hosts carry. */
  readonly isRestoreAccepted: () => boolean;
  /** Whether anything may be changed on hosts; false when what is done could not be written down. */
  readonly mayAct: () => boolean;
}
