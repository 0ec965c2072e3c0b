import type { Static } from "typebox";
import type { Kind } from "./kind.ts";
import { formatSelector, LabelSelectorSchema } from "./label-selector.ts";
import { mapList } from "./list-type.ts";
import { AnnotationsSchema, ConditionSchema, LabelsSchema, ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";
import { VirtualMachineSpecSchema } from "./virtual-machine.ts";
import { checkVirtualMachinePool, checkVirtualMachinePoolUpdate } from "./virtual-machine-pool-rules.ts";

const closed = { additionalProperties: false } as const;

const TemplateSchema = Type.Object(
  {
    metadata: Type.Optional(
      Type.Object(
        { labels: Type.Optional(LabelsSchema), annotations: Type.Optional(AnnotationsSchema) },
        { ...closed, description: "Labels and annotations that every member is made with." },
      ),
    ),
    spec: VirtualMachineSpecSchema,
  },
  { ...closed, description: "What new members are made from. A change of it leaves those that are there." },
);

export const VirtualMachinePoolSpecSchema = Type.Object(
  {
    replicas: Type.Integer({
      minimum: 0,
      maximum: 10_000,
      default: 1,
      description: "How many members there should be.",
    }),
    minReadySeconds: Type.Integer({
      minimum: 0,
      maximum: 86_400,
      default: 0,
      description: "How long a member must have been ready to count as available.",
    }),
    selector: LabelSelectorSchema,
    template: TemplateSchema,
  },
  closed,
);

const CountSchema = Type.Optional(Type.Integer({ minimum: 0 }));

export const VirtualMachinePoolStatusSchema = Type.Object(
  {
    observedGeneration: Type.Optional(Type.Integer({ minimum: -1 })),
    /** Members that there are and that are not being deleted. */
    replicas: CountSchema,
    readyReplicas: CountSchema,
    /** Those that have been ready for `minReadySeconds`. */
    availableReplicas: CountSchema,
    /** Those that were made from the template as it is now. */
    updatedReplicas: CountSchema,
    /** The selector as `/scale` shows it. */
    labelSelector: Type.Optional(Type.String({ maxLength: 65_536 })),
    conditions: Type.Optional(Type.Array(ConditionSchema, { maxItems: 16, ...mapList("type") })),
  },
  closed,
);

export const VirtualMachinePoolSchema = Type.Object(
  {
    apiVersion: Type.Literal("ostler.dev/v1"),
    kind: Type.Literal("VirtualMachinePool"),
    metadata: ObjectMetaSchema,
    spec: VirtualMachinePoolSpecSchema,
    status: Type.Optional(VirtualMachinePoolStatusSchema),
  },
  { ...closed, description: "A number of machines that are made alike and replaced when they are gone." },
);

export interface VirtualMachinePoolStatus extends Readonly<Static<typeof VirtualMachinePoolStatusSchema>> {}
export interface VirtualMachinePool extends Readonly<Static<typeof VirtualMachinePoolSchema>> {}

/** A whole number on a member: where members must go, those with lower ones go first. 0 when absent. */
export const deletionCostAnnotation = "ostler.dev/deletion-cost";

/** On a member: of which form of the template it was made. */
export const templateHashAnnotation = "ostler.dev/pool-template";

export const VirtualMachinePoolKind: Kind<VirtualMachinePool> = {
  group: "ostler.dev",
  version: "v1",
  kind: "VirtualMachinePool",
  plural: "virtualmachinepools",
  singular: "virtualmachinepool",
  shortNames: ["vmpool", "vmpools"],
  namespaced: true,
  schema: VirtualMachinePoolSchema,
  hasStatus: true,
  reportsGeneration: true,
  finalizers: [],
  columns: [
    { name: "Desired", path: "spec.replicas", type: "integer" },
    { name: "Current", path: "status.replicas", type: "integer" },
    { name: "Ready", path: "status.readyReplicas", type: "integer" },
    { name: "Available", path: "status.availableReplicas", type: "integer", wide: true },
    { name: "Updated", path: "status.updatedReplicas", type: "integer", wide: true },
    { name: "Selector", path: "status.labelSelector", type: "string", wide: true },
  ],
  categories: ["all", "ostler"],
  sharedFields: ["replicas"],
  selectableFields: ["spec.replicas", "status.replicas"],
  scale: {
    desired: ({ spec }) => spec.replicas,
    withDesired: (pool, replicas) => ({ ...pool, spec: { ...pool.spec, replicas } }),
    current: ({ status }) => status?.replicas ?? 0,
    selector: ({ spec }) => formatSelector(spec.selector),
  },
  check: checkVirtualMachinePool,
  checkUpdate: checkVirtualMachinePoolUpdate,
};
