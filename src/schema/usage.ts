import type { Static, TLiteral } from "typebox";
import type { Kind } from "./kind.ts";
import { atomicMap, mapList } from "./list-type.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const quantity = Type.String({ maxLength: 32 });
const UsageSchema = Type.Object({ cpu: quantity, memory: quantity }, { ...closed, ...atomicMap });

function schemaFor<Name extends string>(kind: TLiteral<Name>) {
  return {
    apiVersion: Type.Literal("metrics.k8s.io/v1beta1"),
    kind,
    metadata: ObjectMetaSchema,
    timestamp: Type.String({ maxLength: 40, description: "When the time that was measured ended." }),
    window: Type.String({ maxLength: 32, description: "How long it was." }),
  };
}

export const PodMetricsSchema = Type.Object(
  {
    ...schemaFor(Type.Literal("PodMetrics")),
    containers: Type.Array(Type.Object({ name: Type.Literal("console"), usage: UsageSchema }, closed), {
      maxItems: 1,
      ...mapList("name"),
    }),
  },
  { ...closed, description: "What a machine uses, as its host counts it." },
);

export const NodeMetricsSchema = Type.Object(
  { ...schemaFor(Type.Literal("NodeMetrics")), usage: UsageSchema },
  { ...closed, description: "What a host uses, its machines and all else." },
);

export interface PodMetrics extends Readonly<Static<typeof PodMetricsSchema>> {}
export interface NodeMetrics extends Readonly<Static<typeof NodeMetricsSchema>> {}

const common = {
  group: "metrics.k8s.io",
  version: "v1beta1",
  shortNames: [],
  readOnly: true,
  unwatchable: true,
  hasStatus: false,
  finalizers: [],
} as const;

export const PodMetricsKind: Kind<PodMetrics> = {
  ...common,
  kind: "PodMetrics",
  plural: "pods",
  singular: "pod",
  namespaced: true,
  schema: PodMetricsSchema,
  columns: [
    { name: "CPU", path: "containers", type: "string", show: (_found, pod) => pod.containers[0]?.usage.cpu },
    {
      name: "Memory",
      path: "containers",
      type: "string",
      show: (_found, pod) => pod.containers[0]?.usage.memory,
    },
    { name: "Window", path: "window", type: "string" },
  ],
};

export const NodeMetricsKind: Kind<NodeMetrics> = {
  ...common,
  kind: "NodeMetrics",
  plural: "nodes",
  singular: "node",
  namespaced: false,
  schema: NodeMetricsSchema,
  columns: [
    { name: "CPU", path: "usage.cpu", type: "string" },
    { name: "Memory", path: "usage.memory", type: "string" },
    { name: "Window", path: "window", type: "string" },
  ],
};
