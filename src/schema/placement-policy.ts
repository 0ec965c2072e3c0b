import type { Static } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import type { Kind } from "./kind.ts";
import { atomicList } from "./list-type.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;

/** What a custom policy can weigh: the names of the scheduler's score plugins. */
export const scorePluginNames = [
  "LeastAllocated",
  "MostAllocated",
  "BalancedAllocation",
  "RequestedToCapacityRatio",
  "LeastLoaded",
  "RoundRobin",
  "ImageLocality",
  "HostAffinity",
  "MachineAffinity",
  "TopologySpread",
  "TaintToleration",
  "HostFailures",
] as const;

export type ScorePluginName = (typeof scorePluginNames)[number];

/** The plugins whose judgement `resources` takes part in. */
export const resourcePlugins: ReadonlySet<string> = new Set([
  "LeastAllocated",
  "MostAllocated",
  "RequestedToCapacityRatio",
]);

const PluginWeightSchema = Type.Optional(Type.Number({ minimum: -1_000_000, maximum: 1_000_000 }));

const WeightsSchema = Type.Object(
  {
    LeastAllocated: PluginWeightSchema,
    MostAllocated: PluginWeightSchema,
    BalancedAllocation: PluginWeightSchema,
    RequestedToCapacityRatio: PluginWeightSchema,
    LeastLoaded: PluginWeightSchema,
    RoundRobin: PluginWeightSchema,
    ImageLocality: PluginWeightSchema,
    HostAffinity: PluginWeightSchema,
    MachineAffinity: PluginWeightSchema,
    TopologySpread: PluginWeightSchema,
    TaintToleration: PluginWeightSchema,
    HostFailures: PluginWeightSchema,
  } satisfies Record<ScorePluginName, unknown>,
  closed,
);

const ResourceWeightSchema = Type.Integer({ minimum: 0, maximum: 100 });

export const PlacementPolicySpecSchema = Type.Object(
  {
    type: Type.Enum(["RoundRobin", "BinPacking", "Spread", "LeastLoadedFifo", "Custom"], {
      description: "How a host is chosen among those that can take the machine.",
    }),
    weights: Type.Optional(WeightsSchema),
    resources: Type.Optional(
      Type.Object(
        {
          cpus: Type.Optional(ResourceWeightSchema),
          memory: Type.Optional(ResourceWeightSchema),
          disk: Type.Optional(ResourceWeightSchema),
        },
        closed,
      ),
    ),
    shape: Type.Optional(
      Type.Array(
        Type.Object(
          {
            utilization: Type.Integer({ minimum: 0, maximum: 100 }),
            score: Type.Integer({ minimum: 0, maximum: 10 }),
          },
          closed,
        ),
        { minItems: 1, maxItems: 16, ...atomicList },
      ),
    ),
  },
  closed,
);

export const PlacementPolicySchema = Type.Object(
  {
    apiVersion: Type.Literal("ostler.dev/v1"),
    kind: Type.Literal("PlacementPolicy"),
    metadata: ObjectMetaSchema,
    spec: PlacementPolicySpecSchema,
  },
  { ...closed, description: "A way of choosing among the hosts that can take a machine." },
);

export interface PlacementPolicySpec extends Readonly<Static<typeof PlacementPolicySpecSchema>> {}
export interface PlacementPolicy extends Readonly<Static<typeof PlacementPolicySchema>> {}

export const PlacementPolicyKind: Kind<PlacementPolicy> = {
  group: "ostler.dev",
  version: "v1",
  kind: "PlacementPolicy",
  plural: "placementpolicies",
  singular: "placementpolicy",
  shortNames: [],
  namespaced: false,
  schema: PlacementPolicySchema,
  hasStatus: false,
  finalizers: [],
  columns: [{ name: "Type", path: "spec.type", type: "string" }],
  categories: ["ostler"],
  selectableFields: ["spec.type"],
  check: ({ spec }) => [...checkWeights(spec), ...checkResources(spec), ...checkShape(spec)],
};

function checkWeights({ type, weights }: PlacementPolicySpec): readonly StatusCause[] {
  if (type !== "Custom") {
    return weights === undefined ? [] : [{ field: "spec.weights", message: "only with type: Custom" }];
  }
  if (Object.keys(weights ?? {}).length > 0) return [];
  const message = `required with type: Custom; weigh at least one of ${scorePluginNames.join(", ")}`;
  return [{ field: "spec.weights", message }];
}

function checkResources({ type, weights, resources }: PlacementPolicySpec): readonly StatusCause[] {
  if (resources === undefined) return [];
  const used = Object.keys(weights ?? {}).some((name) => resourcePlugins.has(name));
  if (type === "Custom" && !used) {
    const message = `weigh one of ${[...resourcePlugins].join(", ")}: nothing else looks at it`;
    return [{ field: "spec.resources", message }];
  }
  if (type === "RoundRobin" || type === "LeastLoadedFifo") {
    return [{ field: "spec.resources", message: `type ${type} does not look at it` }];
  }
  if (Object.values(resources).some((weight) => weight > 0)) return [];
  return [{ field: "spec.resources", message: "at least one weight must be more than 0" }];
}

function checkShape({ weights, shape }: PlacementPolicySpec): readonly StatusCause[] {
  const isWeighed = weights?.RequestedToCapacityRatio !== undefined;
  if (shape === undefined) {
    return isWeighed ? [{ field: "spec.shape", message: "required with RequestedToCapacityRatio" }] : [];
  }
  if (!isWeighed) return [{ field: "spec.shape", message: "only with weights.RequestedToCapacityRatio" }];
  return shape.flatMap(({ utilization }, index) => {
    const before = shape[index - 1]?.utilization ?? -1;
    if (utilization > before) return [];
    const message = `must be more than ${before}, that of the point before`;
    return [{ field: `spec.shape[${index}].utilization`, message }];
  });
}
