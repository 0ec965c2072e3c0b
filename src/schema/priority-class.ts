import type { Static } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

/** Kubernetes keeps what is above for itself. */
const highest = 1_000_000_000;

export const PriorityClassSchema = Type.Object(
  {
    apiVersion: Type.Literal("scheduling.k8s.io/v1"),
    kind: Type.Literal("PriorityClass"),
    metadata: ObjectMetaSchema,
    value: Type.Integer({
      minimum: -2_147_483_648,
      maximum: highest,
      description: "The higher, the sooner a machine is placed. Never changes.",
    }),
    globalDefault: Type.Boolean({
      default: false,
      description: "For machines that name no class. Of several the one with the lowest value.",
    }),
    preemptionPolicy: Type.Enum(["PreemptLowerPriority", "Never"], {
      default: "PreemptLowerPriority",
      description: "Whether machines of lower priority may be stopped to make room. Never changes.",
    }),
    description: Type.Optional(Type.String({ maxLength: 1024 })),
  },
  { additionalProperties: false, description: "How much a machine matters beside others." },
);

export interface PriorityClass extends Readonly<Static<typeof PriorityClassSchema>> {}

export const PriorityClassKind: Kind<PriorityClass> = {
  group: "scheduling.k8s.io",
  version: "v1",
  kind: "PriorityClass",
  plural: "priorityclasses",
  singular: "priorityclass",
  shortNames: ["pc"],
  namespaced: false,
  schema: PriorityClassSchema,
  hasStatus: false,
  finalizers: [],
  columns: [
    { name: "Value", path: "value", type: "integer" },
    { name: "Global-Default", path: "globalDefault", type: "string" },
    { name: "PreemptionPolicy", path: "preemptionPolicy", type: "string" },
  ],
  checkUpdate,
};

/** Machines were placed, and others stopped, by what it was. */
function checkUpdate(before: PriorityClass, after: PriorityClass): readonly StatusCause[] {
  return (["value", "preemptionPolicy"] as const).flatMap((field) =>
    before[field] === after[field]
      ? []
      : [{ field, message: `field is immutable: it was ${before[field]}; create another class` }],
  );
}
