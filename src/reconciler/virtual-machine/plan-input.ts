import type {
  DomainDefinition,
  DomainVolume,
  GuestAddresses,
  ObservedDomain,
  ObservedVolume,
  OwnershipMark,
} from "../../drivers/driver.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { BlockReason } from "./actions.ts";
import type { DesiredMachine } from "./desired.ts";
import type { Wanted } from "./run-strategy.ts";

/** What was seen on the machine's host, all of it after the last thing we did there. */
export interface ObservedMachine {
  /** The machine's domain: one with its UUID and its mark. */
  readonly domain: ObservedDomain | undefined;
  /** A domain that has the machine's UUID but not its mark. */
  readonly foreign?: ObservedDomain;
  readonly volumes: ReadonlyMap<string, ObservedVolume>;
  /** Those of the host's guests; absent: it does not run there. */
  readonly addresses?: GuestAddresses;
  /** The Volumes that its process has, by their names in the pool; undefined: nobody had to look. */
  readonly live?: ReadonlyMap<string, DomainVolume>;
  /** Another host on which a domain with this uid has a process, if any. */
  readonly activeElsewhere?: string;
  /** Somebody else's domain on the host that has the name which this machine's domain is to get. */
  readonly namesake?: ObservedDomain;
}

export interface PlanInput {
  readonly vm: VirtualMachine;
  readonly mark: OwnershipMark;
  readonly wanted: Wanted;
  readonly observed: ObservedMachine;
  /** The spec with its references followed and the domain that it asks for, or why that cannot be said. */
  readonly desired: Desired;
  /** Why the host cannot take the machine at its present size; of no matter while it runs. */
  readonly noRoom?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type Desired =
  | { readonly type: "resolved"; readonly machine: DesiredMachine; readonly definition: DomainDefinition }
  | { readonly type: "blocked"; readonly blockedBy: BlockReason };
