import type { Static } from "typebox";
import { atomicList, atomicMap, mapList, setList } from "./list-type.ts";
import { Type } from "./type.ts";

/** A DNS label: what a resource may be called. */
export const namePattern = "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$";

/** The key of a label or a taint: a name, and before it, if given, a DNS name and a slash. */
export const LabelKeySchema = Type.String({
  pattern: "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$",
});

export const LabelValueSchema = Type.String({
  maxLength: 63,
  pattern: "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
  examples: ["web-1"],
});

export const LabelsSchema = Type.Record(LabelKeySchema, LabelValueSchema, {
  maxProperties: 64,
  additionalProperties: false,
});

export const AnnotationsSchema = Type.Record(
  Type.String({ pattern: "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$" }),
  Type.String({ maxLength: 262144 }),
  { maxProperties: 64, additionalProperties: false },
);

const TimeSchema = Type.String({ maxLength: 40 });

export const OwnerReferenceSchema = Type.Object(
  {
    apiVersion: Type.String({ maxLength: 317 }),
    kind: Type.String({ maxLength: 63 }),
    name: Type.String({ maxLength: 253 }),
    uid: Type.String({ maxLength: 36 }),
    controller: Type.Optional(Type.Boolean()),
    blockOwnerDeletion: Type.Optional(Type.Boolean()),
  },
  { ...atomicMap, additionalProperties: false },
);

/** The fields that one client has written, as `FieldsV1`: names prefixed with what they are. */
export const ManagedFieldsEntrySchema = Type.Object(
  {
    manager: Type.Optional(Type.String({ maxLength: 128 })),
    operation: Type.Optional(Type.Enum(["Apply", "Update"])),
    apiVersion: Type.Optional(Type.String({ maxLength: 317 })),
    time: Type.Optional(TimeSchema),
    fieldsType: Type.Optional(Type.Literal("FieldsV1")),
    fieldsV1: Type.Optional(Type.Unknown({ description: "The fields, each a key of its parent." })),
    subresource: Type.Optional(Type.String({ maxLength: 63 })),
  },
  { ...atomicMap, additionalProperties: false },
);

/** Metadata of every resource. What a client may not set is overwritten by the store, never an error. */
export const ObjectMetaSchema = Type.Object(
  {
    name: Type.String({
      pattern: namePattern,
      examples: ["web-1"],
      description: "Unique within kind and namespace; a DNS label.",
    }),
    generateName: Type.Optional(Type.String({ maxLength: 58 })),
    namespace: Type.Optional(Type.String({ pattern: namePattern, examples: ["production"] })),
    uid: Type.Optional(Type.String({ maxLength: 36, description: "Set by the store; never reused." })),
    resourceVersion: Type.Optional(
      Type.String({ maxLength: 20, description: "The revision of the last write. Opaque." }),
    ),
    generation: Type.Optional(
      Type.Integer({ minimum: 0, description: "Counts changes of the desired state." }),
    ),
    creationTimestamp: Type.Optional(Type.Union([TimeSchema, Type.Null()])),
    deletionTimestamp: Type.Optional(TimeSchema),
    deletionGracePeriodSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
    labels: Type.Optional(LabelsSchema),
    annotations: Type.Optional(AnnotationsSchema),
    finalizers: Type.Optional(Type.Array(Type.String({ maxLength: 317 }), { maxItems: 32, ...setList })),
    ownerReferences: Type.Optional(Type.Array(OwnerReferenceSchema, { maxItems: 32, ...mapList("uid") })),
    managedFields: Type.Optional(Type.Array(ManagedFieldsEntrySchema, { maxItems: 128, ...atomicList })),
  },
  { additionalProperties: false },
);

export interface ObjectMeta extends Readonly<Static<typeof ObjectMetaSchema>> {}
export interface OwnerReference extends Readonly<Static<typeof OwnerReferenceSchema>> {}

/** One observation about a resource, in the shape all Kubernetes tools read. */
export const ConditionSchema = Type.Object(
  {
    type: Type.String({ maxLength: 316 }),
    status: Type.Enum(["True", "False", "Unknown"]),
    reason: Type.String({ maxLength: 1024 }),
    message: Type.String({ maxLength: 32768 }),
    lastTransitionTime: TimeSchema,
    observedGeneration: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
);

export interface Condition extends Readonly<Static<typeof ConditionSchema>> {}

/** What every stored object has. Kinds add `spec`, `status` or fields of their own. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** A resource's place: `namespace` is absent for cluster-scoped kinds. */
export interface ObjectKey {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The owner that manages the object: at most one does. */
export function controllerOf({ metadata }: Resource): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

/** Held by an object until the dependents that block its deletion are gone. */
export const foregroundFinalizer = "foregroundDeletion";

/** Held by an object until none of its dependents names it any more. */
export const orphanFinalizer = "orphan";

/** The key of a resource. */
export function keyOf(resource: Resource): ObjectKey {
  const { namespace, name } = resource.metadata;
  return namespace === undefined ? { name } : { namespace, name };
}

/** `namespace/name`, or `name` for cluster-scoped kinds. */
export function formatKey(key: ObjectKey): string {
  return key.namespace === undefined ? key.name : `${key.namespace}/${key.name}`;
}
