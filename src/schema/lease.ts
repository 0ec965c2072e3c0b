import { type Static, Type } from "typebox";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";

const closed = { additionalProperties: false } as const;

export const LeaseSchema = Type.Object(
  {
    apiVersion: Type.Literal("coordination.k8s.io/v1"),
    kind: Type.Literal("Lease"),
    metadata: ObjectMetaSchema,
    spec: Type.Optional(
      Type.Object(
        {
          holderIdentity: Type.Optional(Type.String({ maxLength: 253 })),
          leaseDurationSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
          /** MicroTime: exactly six fractional digits. */
          acquireTime: Type.Optional(Type.String({ maxLength: 40 })),
          renewTime: Type.Optional(Type.String({ maxLength: 40 })),
          leaseTransitions: Type.Optional(Type.Integer({ minimum: 0 })),
        },
        closed,
      ),
    ),
  },
  { ...closed, description: "Who leads, and until when." },
);

export interface Lease extends Readonly<Static<typeof LeaseSchema>> {}

export const LeaseKind: Kind<Lease> = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  singular: "lease",
  shortNames: [],
  namespaced: true,
  schema: LeaseSchema,
  hasStatus: false,
  finalizers: [],
  columns: [{ name: "Holder", path: "spec.holderIdentity", type: "string" }],
};
