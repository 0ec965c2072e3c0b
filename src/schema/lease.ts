import type { Static } from "typebox";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { canonicalMicroTime, MicroTimeSchema } from "./micro-time.ts";
import { Type } from "./type.ts";

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
          acquireTime: Type.Optional(MicroTimeSchema),
          renewTime: Type.Optional(MicroTimeSchema),
          leaseTransitions: Type.Optional(Type.Integer({ minimum: 0 })),
          strategy: Type.Optional(Type.String({ maxLength: 253 })),
          preferredHolder: Type.Optional(Type.String({ maxLength: 253 })),
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
  columns: [
    { name: "Holder", path: "spec.holderIdentity", type: "string" },
    { name: "Renewed", path: "spec.renewTime", type: "date", wide: true },
  ],
  canonicalize,
};

function canonicalize(lease: Lease): Lease {
  const { acquireTime, renewTime } = lease.spec ?? {};
  if (acquireTime === undefined && renewTime === undefined) return lease;
  const times = {
    ...(acquireTime !== undefined && { acquireTime: canonicalMicroTime(acquireTime) }),
    ...(renewTime !== undefined && { renewTime: canonicalMicroTime(renewTime) }),
  };
  return { ...lease, spec: { ...lease.spec, ...times } };
}
