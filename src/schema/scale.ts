import type { Static } from "typebox";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;

export const ScaleSchema = Type.Object(
  {
    apiVersion: Type.Literal("autoscaling/v1"),
    kind: Type.Literal("Scale"),
    metadata: ObjectMetaSchema,
    // Kubernetes' own clients leave out a zero.
    spec: Type.Object({ replicas: Type.Integer({ minimum: 0, default: 0 }) }, closed),
    status: Type.Optional(
      Type.Object(
        {
          replicas: Type.Integer({ minimum: 0, default: 0 }),
          selector: Type.Optional(Type.String({ maxLength: 65_536 })),
        },
        closed,
      ),
    ),
  },
  { ...closed, description: "How many there are of something, and how many there should be." },
);

export interface Scale extends Readonly<Static<typeof ScaleSchema>> {}

/** What the subresource `scale` of other kinds looks like; nothing of this kind is stored. */
export const ScaleKind: Kind<Scale> = {
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
  plural: "scales",
  singular: "scale",
  shortNames: [],
  namespaced: true,
  schema: ScaleSchema,
  hasStatus: true,
  finalizers: [],
  columns: [
    { name: "Desired", path: "spec.replicas", type: "integer" },
    { name: "Available", path: "status.replicas", type: "integer" },
  ],
};
