import type { Static } from "typebox";
import type { Kind } from "./kind.ts";
import { atomicList, mapList } from "./list-type.ts";
import { ConditionSchema, ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;

/** Kubernetes' own, which is older than the others and has no observedGeneration. */
const NamespaceConditionSchema = Type.Omit(ConditionSchema, ["observedGeneration"], closed);

export const NamespaceSchema = Type.Object(
  {
    apiVersion: Type.Literal("v1"),
    kind: Type.Literal("Namespace"),
    metadata: ObjectMetaSchema,
    spec: Type.Optional(
      Type.Object(
        {
          finalizers: Type.Optional(
            Type.Array(Type.String({ maxLength: 317 }), { maxItems: 8, ...atomicList }),
          ),
        },
        closed,
      ),
    ),
    status: Type.Optional(
      Type.Object(
        {
          phase: Type.Optional(Type.Enum(["Active", "Terminating"])),
          conditions: Type.Optional(
            Type.Array(NamespaceConditionSchema, { maxItems: 16, ...mapList("type") }),
          ),
        },
        closed,
      ),
    ),
  },
  { ...closed, description: "A space for names." },
);

export interface Namespace extends Readonly<Static<typeof NamespaceSchema>> {}

/** Held until everything in the namespace is gone. */
export const namespaceFinalizer = "ostler.dev/namespace";

/** Where Ostler keeps objects of its own; its uid names the cluster. */
export const systemNamespace = "ostler-system";

/** On the system namespace: the code of the store's life that somebody has accepted; see store.md. */
export const acceptRestoreAnnotation = "ostler.dev/accept-restore";

/** What a person types to accept it, and a code after it: so `/readyz` asks for it. */
export const acceptRestoreCommand = "ostler store accept-restore";

export const NamespaceKind: Kind<Namespace> = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  singular: "namespace",
  shortNames: ["ns"],
  namespaced: false,
  schema: NamespaceSchema,
  hasStatus: true,
  finalizers: [namespaceFinalizer],
  columns: [{ name: "Status", path: "status.phase", type: "string" }],
  selectableFields: ["status.phase"],
};
