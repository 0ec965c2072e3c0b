import type { Static } from "typebox";
import type { Kind } from "./kind.ts";
import { atomicMap, mapList } from "./list-type.ts";
import { ConditionSchema, ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const text = Type.String({ maxLength: 253 });
const time = Type.String({ maxLength: 40 });
const ResourcesSchema = Type.Object(
  { cpu: Type.Optional(text), memory: Type.Optional(text) },
  { ...closed, description: "What the host has set aside for it." },
);

const ContainerSchema = Type.Object(
  {
    name: Type.Literal("console"),
    image: Type.String({ maxLength: 512, description: "The Image of its first disk, if it has one." }),
    stdin: Type.Boolean(),
    tty: Type.Boolean(),
    resources: Type.Object({ requests: Type.Optional(ResourcesSchema) }, closed),
  },
  { ...closed, description: "Its serial console: what `kubectl attach` attaches to." },
);

const ContainerStatusSchema = Type.Object(
  {
    name: Type.Literal("console"),
    image: Type.String({ maxLength: 512 }),
    imageID: Type.String({ maxLength: 512 }),
    ready: Type.Boolean(),
    started: Type.Boolean(),
    restartCount: Type.Integer({
      minimum: 0,
      description: "How often in a row it has failed since it last ran well.",
    }),
    state: Type.Object(
      {
        running: Type.Optional(Type.Object({ startedAt: Type.Optional(time) }, closed)),
        waiting: Type.Optional(
          Type.Object({ reason: text, message: Type.Optional(Type.String({ maxLength: 32768 })) }, closed),
        ),
      },
      { ...closed, ...atomicMap },
    ),
  },
  closed,
);

export const PodSchema = Type.Object(
  {
    apiVersion: Type.Literal("v1"),
    kind: Type.Literal("Pod"),
    metadata: ObjectMetaSchema,
    spec: Type.Object(
      {
        nodeName: Type.Optional(text),
        restartPolicy: Type.Enum(["Always", "OnFailure", "Never"]),
        terminationGracePeriodSeconds: Type.Integer({ minimum: 0 }),
        priorityClassName: Type.Optional(text),
        containers: Type.Array(ContainerSchema, { maxItems: 1, ...mapList("name") }),
      },
      closed,
    ),
    status: Type.Object(
      {
        phase: Type.Enum(["Pending", "Running", "Succeeded", "Failed", "Unknown"]),
        reason: Type.Optional(text),
        message: Type.Optional(Type.String({ maxLength: 32768 })),
        startTime: Type.Optional(time),
        podIP: Type.Optional(text),
        podIPs: Type.Optional(
          Type.Array(Type.Object({ ip: text }, closed), { maxItems: 256, ...mapList("ip") }),
        ),
        conditions: Type.Array(ConditionSchema, { maxItems: 4, ...mapList("type") }),
        containerStatuses: Type.Array(ContainerStatusSchema, { maxItems: 1, ...mapList("name") }),
      },
      closed,
    ),
  },
  { ...closed, description: "A VirtualMachine as clients see it that know nothing but pods. Read-only." },
);

export interface Pod extends Readonly<Static<typeof PodSchema>> {}

export const PodKind: Kind<Pod> = {
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  singular: "pod",
  shortNames: ["po"],
  namespaced: true,
  readOnly: true,
  schema: PodSchema,
  hasStatus: false,
  finalizers: [],
  selectableFields: ["spec.nodeName", "spec.restartPolicy", "status.phase"],
  columns: [
    {
      name: "Ready",
      path: "status.containerStatuses",
      type: "string",
      show: (_found, { status }) => `${status.containerStatuses.filter(({ ready }) => ready).length}/1`,
    },
    { name: "Status", path: "status.reason", type: "string" },
    {
      name: "Restarts",
      path: "status.containerStatuses",
      type: "integer",
      show: (_found, { status }) => status.containerStatuses[0]?.restartCount ?? 0,
    },
    { name: "IP", path: "status.podIP", type: "string", wide: true },
    { name: "Node", path: "spec.nodeName", type: "string", wide: true },
  ],
};
