import type { ScorePluginName } from "../schema/placement-policy.ts";
import type { Normalization } from "./normalize.ts";
import type { PlacementRequest } from "./request.ts";
import type { Snapshot } from "./snapshot.ts";

/** What filters there are, in the order in which they are asked. */
export const filterNames = [
  "HostReady",
  "HostUnschedulable",
  "AcceleratorKnown",
  "Architecture",
  "VolumeBinding",
  "TaintToleration",
  "HostSelector",
  "HostAffinity",
  "ResourcesFit",
  "MachineAffinity",
  "TopologySpread",
] as const;

export type FilterName = (typeof filterNames)[number];

/** A rule that hosts must pass. Plugins do not see each other. */
export interface FilterPlugin {
  readonly name: FilterName;
  /** The rule for one machine; undefined when no host can fail it. */
  prepare(request: PlacementRequest, snapshot: Snapshot): HostFilter | undefined;
}

/** A rule for one machine. Valid until the snapshot changes or another machine is prepared. */
export interface HostFilter {
  /**
   * Of a rule that looks at nothing but what hosts are themselves, not at machines: a text that is the same
   * only for the same rule. What it keeps is remembered until a host changes.
   */
  readonly hostsOnly?: string;
  /** Keeps of the first `count` of `rows` those that pass, in their order, and returns how many they are. */
  keep(rows: Int32Array, count: number): number;
  /**
   * Why the host in this row cannot take the machine; undefined when it can. Reads after "3 of 8 hosts
   * are".
   */
  refusal(row: number): string | undefined;
}

/** A preference among hosts that passed. */
export interface ScorePlugin {
  readonly name: ScorePluginName;
  /** The preference for one machine; undefined when it makes no difference between hosts. */
  prepare(request: PlacementRequest, snapshot: Snapshot, settings: ScoreSettings): HostScore | undefined;
}

/** A preference for one machine. Valid until the snapshot changes or another machine is prepared. */
export interface HostScore {
  /** What each of the first `count` of `rows` is worth, under its row; other rows may hold anything. */
  values(rows: Int32Array, count: number): Float64Array;
  /** How values become points, 0 (worst) to 100 (best); left out when they are points. */
  readonly normalization?: Normalization;
}

/** A profile's preference, ready for one machine. */
export interface WeighedScore extends HostScore {
  readonly name: ScorePluginName;
  readonly weight: number;
}

/** What a policy says beside weights. */
export interface ScoreSettings {
  readonly resourceWeights: ResourceWeights;
  /** Points by the percentage taken, rising in `utilization`. */
  readonly shape: readonly ShapePoint[];
}

export interface ResourceWeights {
  readonly cpus: number;
  readonly memory: number;
  readonly disk: number;
}

export interface ShapePoint {
  /** In percent. */
  readonly utilization: number;
  /** 0 to 100. */
  readonly points: number;
}

export interface WeightedScore {
  readonly plugin: ScorePlugin;
  readonly weight: number;
}

/** A policy, ready for use. */
export interface Profile {
  readonly name: string;
  readonly filters: readonly FilterPlugin[];
  readonly scores: readonly WeightedScore[];
  readonly settings: ScoreSettings;
}

/** Keeps the rows for which `column` has one of the bits. */
export function keepBits(column: Uint8Array, bits: number, rows: Int32Array, count: number): number {
  let kept = 0;
  for (let index = 0; index < count; index += 1) {
    const row = rows[index] ?? 0;
    rows[kept] = row;
    kept += ((column[row] ?? 0) & bits) === 0 ? 0 : 1;
  }
  return kept;
}

/** Keeps the rows for which `column` has this value. */
export function keepEqual(column: Float64Array, value: number, rows: Int32Array, count: number): number {
  let kept = 0;
  for (let index = 0; index < count; index += 1) {
    const row = rows[index] ?? 0;
    rows[kept] = row;
    kept += column[row] === value ? 1 : 0;
  }
  return kept;
}
