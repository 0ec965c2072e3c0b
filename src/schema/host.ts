import type { Static } from "typebox";
import { FenceSchema } from "./fence.ts";
import { hostColumns } from "./host-columns.ts";
import { checkHost } from "./host-rules.ts";
import type { Kind } from "./kind.ts";
import { atomicList, mapList } from "./list-type.ts";
import { ConditionSchema, LabelKeySchema, LabelValueSchema, ObjectMetaSchema } from "./meta.ts";
import { QuantitySchema } from "./quantity.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;

const OvercommitSchema = Type.Object(
  {
    cpu: Type.Number({ minimum: 0.1, maximum: 64, default: 4 }),
    memory: Type.Number({ minimum: 0.1, maximum: 16, default: 1 }),
    disk: Type.Number({ minimum: 0.1, maximum: 64, default: 1 }),
  },
  {
    ...closed,
    default: {},
    description: "Allocatable is capacity less `reserved`, times this ratio; defaults are those of Nova.",
  },
);

const ReservedSchema = Type.Object(
  {
    cpus: Type.Number({ minimum: 0, maximum: 4096, default: 0 }),
    memory: { ...QuantitySchema, default: "512Mi" },
    disk: { ...QuantitySchema, default: "0" },
  },
  {
    ...closed,
    default: {},
    description: "Kept for the host itself and never given to machines; defaults are those of Nova.",
  },
);

/** What machines must tolerate to be on the host, with Kubernetes' meaning. */
export const TaintSchema = Type.Object(
  {
    key: LabelKeySchema,
    value: Type.Optional(LabelValueSchema),
    effect: Type.Enum(["NoSchedule", "PreferNoSchedule", "NoExecute"], {
      description:
        "NoSchedule: only machines that tolerate it are placed here. PreferNoSchedule: rather not. " +
        "NoExecute: as NoSchedule, and machines that do not tolerate it are to leave.",
    }),
  },
  { ...closed, description: "Keeps away machines that do not tolerate it." },
);

export const HostSpecSchema = Type.Object(
  {
    uri: Type.String({
      maxLength: 1024,
      examples: ["qemu:///system"],
      pattern: "^[a-z]+(\\+[a-z]+)?://[^\\s]*$",
      description: "A libvirt connection URI, such as qemu:///system or qemu+ssh://root@h1/system.",
    }),
    accelerator: Type.Enum(["auto", "kvm", "qemu"], {
      default: "auto",
      description: "auto uses kvm only after a probe guest has run with it; qemu is software emulation.",
    }),
    unschedulable: Type.Boolean({
      default: false,
      description: "Cordoned: no new machines are placed here.",
    }),
    overcommit: OvercommitSchema,
    reserved: ReservedSchema,
    taints: Type.Optional(Type.Array(TaintSchema, { maxItems: 64, ...mapList("key", "effect") })),
  },
  closed,
);

/** An amount of what hosts give to machines. */
export const ResourcesSchema = Type.Object(
  {
    cpus: Type.Number({ minimum: 0 }),
    memoryBytes: Type.Integer({ minimum: 0 }),
    diskBytes: Type.Integer({ minimum: 0 }),
  },
  closed,
);

/** A storage pool as libvirt last counted it, not to the byte: small movements are not written down. */
const PoolStatusSchema = Type.Object(
  {
    name: Type.String({ maxLength: 255 }),
    capacityBytes: Type.Integer({ minimum: 0 }),
    allocatedBytes: Type.Integer({ minimum: 0 }),
    availableBytes: Type.Integer({ minimum: 0 }),
  },
  closed,
);

/** Why a Host is not Ready when another one stands for the same machine. */
export const duplicateReason = "DuplicateHost";

export const HostStatusSchema = Type.Object(
  {
    observedGeneration: Type.Optional(Type.Integer({ minimum: -1 })),
    conditions: Type.Optional(Type.Array(ConditionSchema, { maxItems: 32, ...mapList("type") })),
    /** The identity of the machine itself, whatever it is called: libvirt's host UUID. */
    hostUuid: Type.Optional(Type.String({ maxLength: 36 })),
    /** The name of the Host that stands for the same machine: this one gets no machines. */
    duplicateOf: Type.Optional(Type.String({ maxLength: 253 })),
    hostname: Type.Optional(Type.String({ maxLength: 253 })),
    architecture: Type.Optional(Type.String({ maxLength: 32 })),
    /** What machines on this host are started with. */
    accelerator: Type.Optional(Type.Enum(["kvm", "qemu", "test"])),
    /** What spec.accelerator was when `accelerator` was found out. */
    observedAccelerator: Type.Optional(Type.String({ maxLength: 8 })),
    hypervisor: Type.Optional(
      Type.Object(
        {
          type: Type.String({ maxLength: 32 }),
          version: Type.String({ maxLength: 32 }),
          libvirt: Type.String({ maxLength: 32 }),
        },
        closed,
      ),
    ),
    capacity: Type.Optional(ResourcesSchema),
    allocatable: Type.Optional(ResourcesSchema),
    /** When the host last said anything; only while it does not answer. */
    lastSeenTime: Type.Optional(Type.String({ maxLength: 40 })),
    /** Somebody vouches for it that the host is down; gone as soon as it is heard from again. */
    fence: Type.Optional(FenceSchema),
    /** How its CPUs are arranged. */
    topology: Type.Optional(
      Type.Object(
        {
          model: Type.String({ maxLength: 64 }),
          sockets: Type.Integer({ minimum: 0 }),
          coresPerSocket: Type.Integer({ minimum: 0 }),
          threadsPerCore: Type.Integer({ minimum: 0 }),
        },
        closed,
      ),
    ),
    /** CPUs and memory that are near each other. */
    numa: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Type.Integer({ minimum: 0 }),
            cpus: Type.Integer({ minimum: 0 }),
            memoryBytes: Type.Integer({ minimum: 0 }),
          },
          closed,
        ),
        { maxItems: 64, ...atomicList },
      ),
    ),
    /** Storage pools: ours, then others by name. */
    pools: Type.Optional(Type.Array(PoolStatusSchema, { maxItems: 33, ...mapList("name") })),
    /** Domains on the host that are not ours, and what the active ones take from allocatable. */
    foreignDomains: Type.Optional(
      Type.Object(
        {
          total: Type.Integer({ minimum: 0 }),
          active: Type.Integer({ minimum: 0 }),
          cpus: Type.Number({ minimum: 0 }),
          memoryBytes: Type.Integer({ minimum: 0 }),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const HostSchema = Type.Object(
  {
    apiVersion: Type.Literal("ostler.dev/v1"),
    kind: Type.Literal("Host"),
    metadata: ObjectMetaSchema,
    spec: HostSpecSchema,
    status: Type.Optional(HostStatusSchema),
  },
  { ...closed, description: "A machine with libvirt on which virtual machines can run." },
);

export interface HostSpec extends Readonly<Static<typeof HostSpecSchema>> {}
export interface HostStatus extends Readonly<Static<typeof HostStatusSchema>> {}
export interface Host extends Readonly<Static<typeof HostSchema>> {}
export type PoolStatus = Readonly<Static<typeof PoolStatusSchema>>;
export interface Taint extends Readonly<Static<typeof TaintSchema>> {}
export type Resources = Readonly<Static<typeof ResourcesSchema>>;
export type Accelerator = "kvm" | "qemu" | "test";

export const HostKind: Kind<Host> = {
  group: "ostler.dev",
  version: "v1",
  kind: "Host",
  plural: "hosts",
  singular: "host",
  shortNames: [],
  namespaced: false,
  schema: HostSchema,
  hasStatus: true,
  reportsGeneration: true,
  finalizers: [],
  check: checkHost,
  columns: hostColumns,
  categories: ["ostler"],
  sharedFields: ["unschedulable"],
  selectableFields: ["spec.unschedulable", "spec.uri", "status.accelerator"],
};
