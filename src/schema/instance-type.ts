import type { Static } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { parseQuantity, QuantitySchema } from "./quantity.ts";
import { Type } from "./type.ts";

export const InstanceTypeSchema = Type.Object(
  {
    apiVersion: Type.Literal("ostler.dev/v1"),
    kind: Type.Literal("InstanceType"),
    metadata: ObjectMetaSchema,
    spec: Type.Object(
      {
        cpus: Type.Integer({ minimum: 1, maximum: 512 }),
        memory: QuantitySchema,
        disk: Type.Optional({
          ...QuantitySchema,
          description: "What a machine's first disk has at least, if it is made from an image.",
        }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false, description: "A named size that machines can refer to." },
);

export interface InstanceType extends Readonly<Static<typeof InstanceTypeSchema>> {}

export const InstanceTypeKind: Kind<InstanceType> = {
  group: "ostler.dev",
  version: "v1",
  kind: "InstanceType",
  plural: "instancetypes",
  singular: "instancetype",
  shortNames: [],
  namespaced: false,
  schema: InstanceTypeSchema,
  hasStatus: false,
  finalizers: [],
  columns: [
    { name: "CPUs", path: "spec.cpus", type: "integer" },
    { name: "Memory", path: "spec.memory", type: "string" },
    { name: "Disk", path: "spec.disk", type: "string" },
  ],
  categories: ["ostler"],
  check: checkInstanceType,
};

function checkInstanceType({ spec }: InstanceType): readonly StatusCause[] {
  if (spec.disk === undefined || (parseQuantity(spec.disk) ?? 0) >= 2 ** 20) return [];
  return [{ field: "spec.disk", message: `must be at least 1Mi, is ${spec.disk}` }];
}
