import type { Static } from "typebox";
import type { Kind } from "./kind.ts";
import { atomicList, mapList } from "./list-type.ts";
import { ConditionSchema, ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;

export const SourceSpecSchema = Type.Object(
  {
    directory: Type.String({
      maxLength: 4096,
      pattern: "^/[^\\x00]*$",
      examples: ["/etc/ostler/manifests"],
      description: "A folder on the controller's machine; its YAML and JSON files say what should exist.",
    }),
    prune: Type.Boolean({
      default: true,
      description: "Delete objects whose manifest is gone; see docs/reference/source.md for the guards.",
    }),
    intervalSeconds: Type.Integer({
      minimum: 1,
      maximum: 3600,
      default: 10,
      description: "How often the whole folder is looked at, changes seen or not.",
    }),
  },
  closed,
);

const ProblemSchema = Type.Object(
  {
    file: Type.String({ maxLength: 4096 }),
    line: Type.Optional(Type.Integer({ minimum: 1 })),
    column: Type.Optional(Type.Integer({ minimum: 1 })),
    path: Type.Optional(Type.String({ maxLength: 1024 })),
    message: Type.String({ maxLength: 1024 }),
  },
  closed,
);

/** What would be deleted if somebody confirmed it; `deletions` shows the first ones of `total`. */
const PendingPruneSchema = Type.Object(
  {
    planHash: Type.String({ maxLength: 64 }),
    reason: Type.String({ maxLength: 64 }),
    message: Type.String({ maxLength: 1024 }),
    total: Type.Integer({ minimum: 1 }),
    deletions: Type.Array(Type.String({ maxLength: 512 }), { maxItems: 100, ...atomicList }),
  },
  closed,
);

export const SourceStatusSchema = Type.Object(
  {
    observedGeneration: Type.Optional(Type.Integer({ minimum: -1 })),
    conditions: Type.Optional(Type.Array(ConditionSchema, { maxItems: 16, ...mapList("type") })),
    files: Type.Optional(Type.Integer({ minimum: 0 })),
    objects: Type.Optional(Type.Integer({ minimum: 0 })),
    /** The file system that the folder was last trusted on; another one deletes nothing unconfirmed. */
    device: Type.Optional(Type.String({ maxLength: 32 })),
    problems: Type.Optional(Type.Array(ProblemSchema, { maxItems: 100, ...atomicList })),
    pendingPrune: Type.Optional(PendingPruneSchema),
    lastAppliedTime: Type.Optional(Type.String({ maxLength: 40 })),
  },
  closed,
);

export const SourceSchema = Type.Object(
  {
    apiVersion: Type.Literal("ostler.dev/v1"),
    kind: Type.Literal("Source"),
    metadata: ObjectMetaSchema,
    spec: SourceSpecSchema,
    status: Type.Optional(SourceStatusSchema),
  },
  { ...closed, description: "A folder of manifests that is kept applied." },
);

export interface Source extends Readonly<Static<typeof SourceSchema>> {}
export interface SourceStatus extends Readonly<Static<typeof SourceStatusSchema>> {}
export type SourceProblem = Readonly<Static<typeof ProblemSchema>>;
export type PendingPrune = Readonly<Static<typeof PendingPruneSchema>>;

/** On a Source: the plan hash whose deletions somebody has agreed to. */
export const confirmPruneAnnotation = "ostler.dev/confirm-prune";

/** On every object that comes from a Source: its name. Whoever removes the label takes the object over. */
export const sourceLabel = "ostler.dev/source";

/** On every object that comes from a Source: the file, relative to the folder. */
export const sourcePathAnnotation = "ostler.dev/source-path";

/** In a manifest: `"true"` takes over an object that exists and belongs to no Source. Not stored. */
export const adoptAnnotation = "ostler.dev/adopt";

export const SourceKind: Kind<Source> = {
  group: "ostler.dev",
  version: "v1",
  kind: "Source",
  plural: "sources",
  singular: "source",
  shortNames: ["src"],
  namespaced: false,
  schema: SourceSchema,
  hasStatus: true,
  reportsGeneration: true,
  finalizers: [],
  columns: [
    { name: "Ready", path: "status.conditions[Ready].status", type: "string" },
    { name: "Reason", path: "status.conditions[Ready].reason", type: "string" },
    { name: "Files", path: "status.files", type: "integer" },
    { name: "Objects", path: "status.objects", type: "integer" },
    { name: "Applied", path: "status.lastAppliedTime", type: "date" },
    { name: "Directory", path: "spec.directory", type: "string", wide: true },
    { name: "Pending Prune", path: "status.pendingPrune.planHash", type: "string", wide: true },
  ],
  categories: ["ostler"],
  selectableFields: ["spec.directory"],
};
