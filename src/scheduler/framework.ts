import type { Resources } from "../schema/host.ts";

/** A host as the scheduler sees it at one moment. */
export interface HostState {
  readonly name: string;
  readonly ready: boolean;
  /** Cordoned by a person. */
  readonly unschedulable: boolean;
  /** Whether it is known what machines are to be started with. */
  readonly acceleratorKnown: boolean;
  readonly allocatable: Resources;
  /** What placed machines have been promised, reservations included. */
  readonly allocated: Resources;
}

/** What a machine asks for. */
export interface PlacementRequest {
  readonly resources: Resources;
}

/** A rule that hosts must pass. Plugins do not see each other. */
export interface FilterPlugin {
  readonly name: string;
  /** Why the host cannot take the machine; undefined when it can. */
  reject(request: PlacementRequest, host: HostState): string | undefined;
}

/** A preference among hosts that passed. */
export interface ScorePlugin {
  readonly name: string;
  /** 0 (worst) to 100 (best). */
  score(request: PlacementRequest, host: HostState): number;
}

export interface WeightedScore {
  readonly plugin: ScorePlugin;
  readonly weight: number;
}

/** A named set of rules and preferences. */
export interface Profile {
  readonly filters: readonly FilterPlugin[];
  readonly scores: readonly WeightedScore[];
}
