import type { Clock } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { Store } from "../../store/store.ts";
import type { ErrorShape } from "./answers.ts";
import type { SeedIds } from "./ids.ts";
import type { Judge } from "./judge.ts";
import type { Line } from "./line.ts";
import type { Parameters } from "./parameters.ts";

/** What an operator may choose. */
export interface SeedSettings {
  readonly errorShape: ErrorShape;
  /** How long a call may take until what it asks for is true. */
  readonly timeoutMs: number;
  /** Where machines and volumes are made. */
  readonly namespace: string;
  /** The PlacementPolicy of the machines that are made; the default one when absent. */
  readonly placementPolicy?: string | undefined;
  /** The libvirt network that the machines are connected to; none when absent. */
  readonly network?: string | undefined;
}

/** What the calls work with. */
export interface SeedContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ids: SeedIds;
  /** Machines are placed in the order in which they were asked for. */
  readonly line: Line;
  /** Volumes are given to machines in the order in which they were asked for. */
  readonly volumeLine: Line;
  readonly settings: SeedSettings;
  /** Whether whoever reaches the flat API may do this. */
  readonly judge: Judge;
}

/** One call. */
export interface SeedRequest {
  readonly parameters: Parameters;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}
