import type { Clock } from "../../runtime/clock.ts";
import type { Host, Resources } from "../../schema/host.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { Store } from "../../store/store.ts";
import type { HostSessions } from "../host/host-sessions.ts";
import type { Lookups } from "./desired.ts";
import type { OpenContent } from "./execute.ts";

/** What became of the search for a host. */
export type PlacementResult =
  | { readonly type: "placed"; readonly hostName: string }
  | { readonly type: "unschedulable"; readonly message: string };

/** Reserves room on hosts for machines, at once and without waiting. */
export interface Placer {
  /** Finds a host and reserves the room there. */
  place(uid: string, resources: Resources): PlacementResult;
  /** Makes what a placed machine has reserved this much; why not, if the host has no room for it. */
  reserve(uid: string, hostName: string, resources: Resources): string | undefined;
  /** Gives back what the machine has reserved. */
  release(uid: string): void;
}

/** Tells people about a machine; never throws. */
export type RecordEvent = (
  vm: VirtualMachine,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
) => void;

/** What the parts of the virtual machine reconciler share. */
export interface MachineContext {
  readonly store: Store;
  readonly sessions: HostSessions;
  readonly lookups: Lookups;
  readonly hostNamed: (name: string) => Host | undefined;
  readonly placer: Placer;
  readonly openContent: OpenContent;
  readonly record: RecordEvent;
  readonly clusterId: string;
  readonly clock: Clock;
  /** Whether anything may be changed on hosts; false when what is done could not be written down. */
  readonly mayAct: () => boolean;
}
