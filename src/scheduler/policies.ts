import {
  type PlacementPolicySpec,
  type ScorePluginName,
  scorePluginNames,
} from "../schema/placement-policy.ts";
import type { FilterPlugin, Profile, ResourceWeights, ScorePlugin } from "./framework.ts";
import { acceleratorKnown } from "./plugins/accelerator-known.ts";
import { architecture } from "./plugins/architecture.ts";
import { balancedAllocation } from "./plugins/balanced-allocation.ts";
import { hostAffinityFilter, hostAffinityScore } from "./plugins/host-affinity.ts";
import { hostFailures } from "./plugins/host-failures.ts";
import { hostReady } from "./plugins/host-ready.ts";
import { hostSelector } from "./plugins/host-selector.ts";
import { hostUnschedulable } from "./plugins/host-unschedulable.ts";
import { imageLocality } from "./plugins/image-locality.ts";
import { leastAllocated } from "./plugins/least-allocated.ts";
import { leastLoaded } from "./plugins/least-loaded.ts";
import { machineAffinityFilter } from "./plugins/machine-affinity-filter.ts";
import { machineAffinityScore } from "./plugins/machine-affinity-score.ts";
import { mostAllocated } from "./plugins/most-allocated.ts";
import { requestedToCapacityRatio } from "./plugins/requested-to-capacity-ratio.ts";
import { resourcesFit } from "./plugins/resources-fit.ts";
import { roundRobin } from "./plugins/round-robin.ts";
import { taintTolerationFilter, taintTolerationScore } from "./plugins/taint-toleration.ts";
import { topologySpreadFilter, topologySpreadScore } from "./plugins/topology-spread.ts";
import { volumeBinding } from "./plugins/volume-binding.ts";

/**
 * Every filter, in the order of `filterNames`. A policy chooses among hosts; it never does without a
 * filter.
 */
export const filters: readonly FilterPlugin[] = [
  hostReady,
  hostUnschedulable,
  acceleratorKnown,
  architecture,
  volumeBinding,
  taintTolerationFilter,
  hostSelector,
  hostAffinityFilter,
  resourcesFit,
  machineAffinityFilter,
  topologySpreadFilter,
];

/** Every preference by its name. */
export const scorePlugins: Readonly<Record<ScorePluginName, ScorePlugin>> = {
  LeastAllocated: leastAllocated,
  MostAllocated: mostAllocated,
  BalancedAllocation: balancedAllocation,
  RequestedToCapacityRatio: requestedToCapacityRatio,
  LeastLoaded: leastLoaded,
  RoundRobin: roundRobin,
  ImageLocality: imageLocality,
  HostAffinity: hostAffinityScore,
  MachineAffinity: machineAffinityScore,
  TopologySpread: topologySpreadScore,
  TaintToleration: taintTolerationScore,
  HostFailures: hostFailures,
};

type Weights = Partial<Readonly<Record<ScorePluginName, number | undefined>>>;

/**
 * Where one rule is to come before another its weight is so much larger that no difference in the other,
 * which is
 * at most 100 times the other's weight, can make up for its own smallest.
 */
const weightsOf: Readonly<Record<Exclude<PlacementPolicySpec["type"], "Custom">, Weights>> = {
  Spread: {
    LeastAllocated: 1,
    BalancedAllocation: 1,
    ImageLocality: 1,
    HostAffinity: 2,
    MachineAffinity: 2,
    TopologySpread: 2,
    TaintToleration: 3,
    HostFailures: 1_000,
  },
  BinPacking: {
    MostAllocated: 1,
    HostAffinity: 2,
    MachineAffinity: 2,
    TopologySpread: 2,
    TaintToleration: 1e4,
    HostFailures: 1e6,
  },
  RoundRobin: { RoundRobin: 1, TaintToleration: 1e4, HostFailures: 1e7 },
  LeastLoadedFifo: { RoundRobin: 1, LeastLoaded: 1e4, TaintToleration: 1e8, HostFailures: 1e11 },
};

const cpusAndMemory: ResourceWeights = { cpus: 1, memory: 1, disk: 0 };

/** The policy when none is named: any host that fits, the emptiest first. */
export const spread: Profile = compilePolicy({ type: "Spread" });

/** A policy, ready for use. Keep it: making it anew for each machine costs more than placing one. */
export function compilePolicy({ type, weights, resources, shape }: PlacementPolicySpec): Profile {
  const wanted = type === "Custom" ? (weights ?? {}) : weightsOf[type];
  return {
    name: type,
    filters,
    scores: scorePluginNames.flatMap((name) => {
      const weight = wanted[name] ?? 0;
      return weight === 0 ? [] : [{ plugin: scorePlugins[name], weight }];
    }),
    settings: {
      resourceWeights:
        resources === undefined ? cpusAndMemory : { cpus: 0, memory: 0, disk: 0, ...resources },
      shape: (shape ?? []).map(({ utilization, score }) => ({ utilization, points: 10 * score })),
    },
  };
}
