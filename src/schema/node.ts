import type { Static } from "typebox";
import { TaintSchema } from "./host.ts";
import type { Kind } from "./kind.ts";
import { atomicList, mapList } from "./list-type.ts";
import { ConditionSchema, ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const text = Type.String({ maxLength: 253 });

const AmountsSchema = Type.Object(
  {
    cpu: Type.Optional(text),
    memory: Type.Optional(text),
    "ephemeral-storage": Type.Optional(text),
  },
  closed,
);

export const NodeSchema = Type.Object(
  {
    apiVersion: Type.Literal("v1"),
    kind: Type.Literal("Node"),
    metadata: ObjectMetaSchema,
    spec: Type.Object(
      {
        unschedulable: Type.Optional(
          Type.Boolean({ description: "Cordoned. The one thing of a node that can be changed." }),
        ),
        taints: Type.Optional(Type.Array(TaintSchema, { maxItems: 64, ...atomicList })),
      },
      closed,
    ),
    status: Type.Object(
      {
        capacity: Type.Optional(AmountsSchema),
        allocatable: Type.Optional(AmountsSchema),
        conditions: Type.Array(ConditionSchema, { maxItems: 32, ...mapList("type") }),
        addresses: Type.Array(Type.Object({ type: text, address: text }, closed), {
          maxItems: 8,
          ...atomicList,
        }),
        nodeInfo: Type.Object(
          {
            architecture: text,
            bootID: text,
            containerRuntimeVersion: text,
            kernelVersion: text,
            kubeProxyVersion: text,
            kubeletVersion: text,
            machineID: text,
            operatingSystem: text,
            osImage: text,
            systemUUID: text,
          },
          { ...closed, description: "Empty where nobody has asked the host." },
        ),
      },
      closed,
    ),
  },
  { ...closed, description: "A Host as clients see it that know nothing but nodes." },
);

export interface Node extends Readonly<Static<typeof NodeSchema>> {}

export const NodeKind: Kind<Node> = {
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  singular: "node",
  shortNames: ["no"],
  namespaced: false,
  readOnly: true,
  changeable: true,
  schema: NodeSchema,
  hasStatus: false,
  finalizers: [],
  selectableFields: ["spec.unschedulable"],
  columns: [
    {
      name: "Status",
      path: "status.conditions[Ready].status",
      type: "string",
      show: (ready, { spec }) =>
        `${ready === "True" ? "Ready" : "NotReady"}${spec.unschedulable ? ",SchedulingDisabled" : ""}`,
    },
    { name: "Version", path: "status.nodeInfo.containerRuntimeVersion", type: "string" },
    { name: "Architecture", path: "status.nodeInfo.architecture", type: "string", wide: true },
  ],
};
