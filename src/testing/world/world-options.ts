import type { NewFakeHost } from "../../drivers/fake/fake-hypervisor.ts";
import type { PlacementPolicySpec } from "../../schema/placement-policy.ts";
import type { FaultId } from "./fault-ledger.ts";
import type { Process } from "./process.ts";
import type { Tampering } from "./replica.ts";
import type { StoryTeller } from "./story-logger.ts";
import type { World } from "./world.ts";

export interface WorldOptions {
  readonly seed: number;
  readonly hosts: readonly NewFakeHost[];
  /** More than one: the store is elsewhere, and they take turns by a Lease. */
  readonly replicas?: number;
  /** The faults that are enabled, with how often they happen. */
  readonly rates?: ReadonlyMap<FaultId, number>;
  readonly resyncMs?: number;
  /** How hosts are chosen; spread when absent. */
  readonly policy?: PlacementPolicySpec["type"];
  readonly tampering?: Tampering;
  /** Keep what happens as lines, too. */
  readonly transcript?: boolean;
  /** Hears every line that the controllers log. */
  readonly story?: StoryTeller;
  /** Called before anything happens. */
  readonly onStart?: (world: World) => void;
  /** Called at each moment at which a controller may be killed. */
  readonly boundary?: (process: Process, what: string) => void;
}

export interface Breach {
  /** S1 to S11, P1, P2, D1 to D5, L1 to L5. */
  readonly id: string;
  readonly what: string;
  readonly atMs: number;
}
