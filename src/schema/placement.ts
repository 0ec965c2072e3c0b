import type { Static } from "typebox";
import { HostExpressionSchema, LabelSelectorSchema, MatchLabelsSchema } from "./label-selector.ts";
import { atomicList, mapList } from "./list-type.ts";
import { LabelKeySchema, LabelValueSchema, namePattern } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;

const WeightSchema = Type.Integer({ minimum: 1, maximum: 100 });

const HostTermSchema = Type.Object(
  { matchExpressions: Type.Array(HostExpressionSchema, { minItems: 1, maxItems: 32, ...atomicList }) },
  { ...closed, description: "Hosts whose labels are what every expression asks for." },
);

const HostAffinitySchema = Type.Object(
  {
    requiredDuringSchedulingIgnoredDuringExecution: Type.Optional(
      Type.Object(
        { hostSelectorTerms: Type.Array(HostTermSchema, { minItems: 1, maxItems: 16, ...atomicList }) },
        { ...closed, description: "The host must be what at least one term asks for." },
      ),
    ),
    preferredDuringSchedulingIgnoredDuringExecution: Type.Optional(
      Type.Array(Type.Object({ weight: WeightSchema, preference: HostTermSchema }, closed), {
        maxItems: 16,
        ...atomicList,
      }),
    ),
  },
  { ...closed, description: "Which hosts the machine must or would rather be on." },
);

const MachineTermSchema = Type.Object(
  {
    labelSelector: LabelSelectorSchema,
    topologyKey: LabelKeySchema,
    namespaces: Type.Optional(
      Type.Array(Type.String({ pattern: namePattern, examples: ["production"] }), {
        minItems: 1,
        maxItems: 16,
        ...atomicList,
        description: "Whose machines are meant; by default those of the machine's own namespace.",
      }),
    ),
  },
  {
    ...closed,
    description: "Machines by their labels, and the host label whose equal value makes two hosts one place.",
  },
);

const MachineAffinitySchema = Type.Object(
  {
    requiredDuringSchedulingIgnoredDuringExecution: Type.Optional(
      Type.Array(MachineTermSchema, { maxItems: 16, ...atomicList }),
    ),
    preferredDuringSchedulingIgnoredDuringExecution: Type.Optional(
      Type.Array(Type.Object({ weight: WeightSchema, machineAffinityTerm: MachineTermSchema }, closed), {
        maxItems: 16,
        ...atomicList,
      }),
    ),
  },
  closed,
);

export const AffinitySchema = Type.Object(
  {
    hostAffinity: Type.Optional(HostAffinitySchema),
    machineAffinity: Type.Optional(MachineAffinitySchema),
    machineAntiAffinity: Type.Optional(MachineAffinitySchema),
  },
  { ...closed, description: "Near which hosts and machines the machine must or would rather be, or not be." },
);

const SpreadConstraintSchema = Type.Object(
  {
    maxSkew: Type.Integer({ minimum: 1, maximum: 10_000 }),
    topologyKey: LabelKeySchema,
    whenUnsatisfiable: Type.Enum(["DoNotSchedule", "ScheduleAnyway"], { default: "DoNotSchedule" }),
    labelSelector: LabelSelectorSchema,
    minDomains: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  },
  {
    ...closed,
    description: "How unevenly machines of one selector may stand over the values of a host label.",
  },
);

const TolerationSchema = Type.Object(
  {
    key: Type.Optional(LabelKeySchema),
    operator: Type.Enum(["Equal", "Exists"], { default: "Equal" }),
    value: Type.Optional(LabelValueSchema),
    effect: Type.Optional(Type.Enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])),
  },
  {
    ...closed,
    description: "A taint that does not keep the machine away. Without an effect: any of that key.",
  },
);

/** The fields of a machine's spec that say where it may and should be. All are optional. */
export const placementProperties = {
  hostSelector: Type.Optional({ ...MatchLabelsSchema, description: "Labels that the host must have." }),
  affinity: Type.Optional(AffinitySchema),
  topologySpreadConstraints: Type.Optional(
    Type.Array(SpreadConstraintSchema, { maxItems: 8, ...mapList("topologyKey", "whenUnsatisfiable") }),
  ),
  tolerations: Type.Optional(Type.Array(TolerationSchema, { maxItems: 32, ...atomicList })),
  priorityClassName: Type.Optional(
    Type.String({ pattern: namePattern, examples: ["production"], description: "A PriorityClass." }),
  ),
  placementPolicy: Type.Optional(
    Type.String({ pattern: namePattern, examples: ["packed"], description: "A PlacementPolicy." }),
  ),
} as const;

const PlacementSpecSchema = Type.Object(placementProperties, closed);

/** What a machine's spec says about where it may and should be. */
export interface PlacementSpec extends Readonly<Static<typeof PlacementSpecSchema>> {}
export type Affinity = Readonly<Static<typeof AffinitySchema>>;
export type HostTerm = Readonly<Static<typeof HostTermSchema>>;
export type MachineTerm = Readonly<Static<typeof MachineTermSchema>>;
export type SpreadConstraint = Readonly<Static<typeof SpreadConstraintSchema>>;
export type Toleration = Readonly<Static<typeof TolerationSchema>>;
