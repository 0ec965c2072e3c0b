import { type Static, Type } from "typebox";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { QuantitySchema } from "./quantity.ts";

export const InstanceTypeSchema = Type.Object(
  {
    apiVersion: Type.Literal("ostler.dev/v1"),
    kind: Type.Literal("InstanceType"),
    metadata: ObjectMetaSchema,
    spec: Type.Object(
      { cpus: Type.Integer({ minimum: 1, maximum: 512 }), memory: QuantitySchema },
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
  ],
};
