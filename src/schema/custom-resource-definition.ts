import type { Static } from "typebox";
import type { Kind } from "./kind.ts";
import { ConditionSchema, ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const text = Type.String({ maxLength: 253 });
const names = Type.Array(text, { maxItems: 64 });

const NamesSchema = Type.Object(
  {
    plural: text,
    singular: text,
    kind: text,
    listKind: text,
    shortNames: Type.Optional(names),
    categories: Type.Optional(names),
  },
  { ...closed, description: "What the kind is called." },
);

const PrinterColumnSchema = Type.Object(
  {
    name: text,
    type: text,
    jsonPath: Type.String({ maxLength: 1024 }),
    description: Type.Optional(Type.String({ maxLength: 1024 })),
    priority: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);

const VersionSchema = Type.Object(
  {
    name: text,
    served: Type.Boolean(),
    storage: Type.Boolean(),
    schema: Type.Object(
      { openAPIV3Schema: Type.Unknown({ description: "The schema of the kind's objects." }) },
      closed,
    ),
    subresources: Type.Optional(Type.Unknown({ description: "Whether there is `status` and `scale`." })),
    additionalPrinterColumns: Type.Optional(
      Type.Array(PrinterColumnSchema, { maxItems: 64, description: "The columns of `kubectl get`." }),
    ),
    selectableFields: Type.Optional(
      Type.Array(Type.Object({ jsonPath: Type.String({ maxLength: 1024 }) }, closed), {
        maxItems: 64,
        description: "What a field selector may name.",
      }),
    ),
  },
  closed,
);

export const CustomResourceDefinitionSchema = Type.Object(
  {
    apiVersion: Type.Literal("apiextensions.k8s.io/v1"),
    kind: Type.Literal("CustomResourceDefinition"),
    metadata: ObjectMetaSchema,
    spec: Type.Object(
      {
        group: text,
        scope: Type.Enum(["Namespaced", "Cluster"]),
        names: NamesSchema,
        versions: Type.Array(VersionSchema, { maxItems: 16 }),
        conversion: Type.Optional(Type.Object({ strategy: text }, closed)),
      },
      closed,
    ),
    status: Type.Optional(
      Type.Object(
        {
          acceptedNames: NamesSchema,
          storedVersions: names,
          conditions: Type.Array(ConditionSchema, { maxItems: 8 }),
        },
        closed,
      ),
    ),
  },
  { ...closed, description: "One of Ostler's own kinds, for clients that look for them here. Read-only." },
);

export interface CustomResourceDefinition extends Readonly<Static<typeof CustomResourceDefinitionSchema>> {}

export const CustomResourceDefinitionKind: Kind<CustomResourceDefinition> = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  singular: "customresourcedefinition",
  shortNames: ["crd", "crds"],
  namespaced: false,
  readOnly: true,
  schema: CustomResourceDefinitionSchema,
  hasStatus: false,
  finalizers: [],
  categories: ["api-extensions"],
  columns: [
    { name: "Group", path: "spec.group", type: "string", wide: true },
    { name: "Kind", path: "spec.names.kind", type: "string", wide: true },
    { name: "Scope", path: "spec.scope", type: "string", wide: true },
  ],
};
