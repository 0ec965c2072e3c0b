import { type Static, Type } from "typebox";
import { DecisionSchema } from "./decision.ts";
import { ResourcesSchema } from "./host.ts";
import type { Kind } from "./kind.ts";
import { ConditionSchema, namePattern, ObjectMetaSchema } from "./meta.ts";
import { placementProperties } from "./placement.ts";
import { QuantitySchema } from "./quantity.ts";
import { checkVirtualMachine, checkVirtualMachineUpdate } from "./virtual-machine-rules.ts";

const NameSchema = Type.String({ pattern: namePattern });
const closed = { additionalProperties: false } as const;

/** When a machine should run. See docs/reference/virtual-machine.md for each word's exact meaning. */
export const RunStrategySchema = Type.Enum(["Always", "RerunOnFailure", "Once", "Manual", "Halted"], {
  default: "Always",
  description: "When the machine runs: Always, RerunOnFailure, Once, Manual or Halted.",
});

const DiskSchema = Type.Object(
  {
    name: Type.String({
      pattern: "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$",
      examples: ["data-1"],
      description: "Unique within the machine.",
    }),
    image: Type.Optional(
      Type.String({
        pattern: namePattern,
        examples: ["debian-13"],
        description: "An Image; the disk is a copy-on-write overlay of it.",
      }),
    ),
    size: Type.Optional(QuantitySchema),
    volume: Type.Optional(
      Type.String({
        pattern: namePattern,
        examples: ["data"],
        description: "A Volume of the same namespace: attached and released while the machine runs.",
      }),
    ),
    bus: Type.Enum(["virtio", "scsi", "sata"], {
      default: "virtio",
    }),
  },
  {
    ...closed,
    description: "From an `image` (optionally grown to `size`), blank with a `size`, or a `volume`.",
  },
);

const NetworkSchema = Type.Object(
  {
    name: Type.String({
      pattern: "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$",
      examples: ["data-1"],
      description: "Unique within the machine.",
    }),
    network: Type.Optional(
      Type.String({
        pattern: "^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$",
        examples: ["default"],
        description: "A libvirt network on the host.",
      }),
    ),
    bridge: Type.Optional(
      Type.String({
        pattern: "^[a-zA-Z0-9][a-zA-Z0-9._-]{0,14}$",
        examples: ["br0"],
        description: "A bridge on the host.",
      }),
    ),
    macAddress: Type.Optional(
      Type.String({
        pattern: "^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$",
        examples: ["52:54:00:12:34:56"],
        description: "Derived from the uid by default.",
      }),
    ),
    model: Type.Enum(["virtio", "e1000e", "rtl8139"], {
      default: "virtio",
    }),
  },
  { ...closed, description: "Connected to exactly one of `network` or `bridge`." },
);

const KernelBootSchema = Type.Object(
  {
    kernel: Type.String({ pattern: namePattern, description: "An Image that is a Linux kernel." }),
    initrd: Type.Optional(
      Type.String({ pattern: namePattern, description: "An Image that is an initial RAM disk." }),
    ),
    commandLine: Type.Optional(Type.String({ maxLength: 2048, pattern: "^[\\x20-\\x7e]*$" })),
  },
  { ...closed, description: "Boots a kernel directly instead of a disk." },
);

export const VirtualMachineSpecSchema = Type.Object(
  {
    runStrategy: RunStrategySchema,
    instanceType: Type.Optional(
      Type.String({
        pattern: namePattern,
        examples: ["small"],
        description: "An InstanceType that gives the size.",
      }),
    ),
    cpus: Type.Optional(Type.Integer({ minimum: 1, maximum: 512 })),
    memory: Type.Optional(QuantitySchema),
    disks: Type.Array(DiskSchema, { maxItems: 24, default: [] }),
    networks: Type.Array(NetworkSchema, { maxItems: 16, default: [] }),
    kernelBoot: Type.Optional(KernelBootSchema),
    terminationGracePeriodSeconds: Type.Integer({
      minimum: 0,
      maximum: 86400,
      default: 30,
      description: "How long a guest may take to shut down before it is forced off.",
    }),
    ...placementProperties,
  },
  closed,
);

/** A start, stop or restart asked for by a person: kept apart from spec, which its writer (Git) owns. */
const RunOverrideSchema = Type.Object(
  {
    action: Type.Enum(["Start", "Stop"]),
    requestedBy: Type.String({ maxLength: 253 }),
    requestedAt: Type.String({ maxLength: 40 }),
    /** The override ends when spec.runStrategy is no longer this. */
    runStrategy: Type.String({ maxLength: 32 }),
  },
  closed,
);

const RestartRequestSchema = Type.Object(
  { requestedBy: Type.String({ maxLength: 253 }), requestedAt: Type.String({ maxLength: 40 }) },
  closed,
);

const AttachedVolumeSchema = Type.Object(
  {
    disk: Type.String({ maxLength: 63 }),
    /** The Volume's name and uid. */
    name: NameSchema,
    uid: Type.String({ maxLength: 36 }),
    /** Its name in the pool. */
    volume: Type.String({ maxLength: 128 }),
    /** Its place in the domain, the same as long as it is attached. */
    target: Type.String({ maxLength: 8 }),
    /** Whether it was seen in the running domain. */
    attached: Type.Optional(Type.Boolean()),
    /** When it was last asked for and not yet seen since: it may still come. */
    requestedAt: Type.Optional(Type.String({ maxLength: 40 })),
    /** When the guest was last asked to let it go, and how often so far. */
    detachRequestedAt: Type.Optional(Type.String({ maxLength: 40 })),
    detachRequests: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);

/** The words `kubectl get` shows; KubeVirt's. */
export const PrintableStatusSchema = Type.Enum([
  "Stopped",
  "Provisioning",
  "Starting",
  "Running",
  "Paused",
  "Stopping",
  "Terminating",
  "CrashLoopBackOff",
  "Migrating",
  "Unknown",
  "ErrorUnschedulable",
  "ErrImagePull",
  "ImagePullBackOff",
]);

export const VirtualMachineStatusSchema = Type.Object(
  {
    observedGeneration: Type.Optional(Type.Integer({ minimum: 0 })),
    printableStatus: Type.Optional(PrintableStatusSchema),
    hostName: Type.Optional(NameSchema),
    /** The host's own UUID: another machine under the host's name cannot tell whether this one runs. */
    hostUuid: Type.Optional(Type.String({ maxLength: 36 })),
    /** What the host has set aside for it. */
    allocated: Type.Optional(ResourcesSchema),
    /** Counts placements; written before the first start on a host, and into the domain's mark. */
    placementEpoch: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Why it is where it is, or nowhere: the newest first. */
    decisions: Type.Optional(Type.Array(DecisionSchema, { maxItems: 5 })),
    /** The revision at which it came into the queue for a host: its place among those of its priority. */
    queuedRevision: Type.Optional(Type.String({ maxLength: 20, pattern: "^[0-9]+$" })),
    conditions: Type.Optional(Type.Array(ConditionSchema, { maxItems: 32 })),
    domain: Type.Optional(
      Type.Object(
        {
          name: Type.String({ maxLength: 200 }),
          state: Type.String({ maxLength: 32 }),
          reason: Type.String({ maxLength: 64 }),
        },
        closed,
      ),
    ),
    /** Whether the machine has been started since it was last meant to start (`Once`, `RerunOnFailure`). */
    started: Type.Optional(Type.Boolean()),
    startedAt: Type.Optional(Type.String({ maxLength: 40 })),
    /** Hash of the definition the running domain was started with; another one desired: RestartRequired. */
    startedDefinition: Type.Optional(Type.String({ maxLength: 64 })),
    /** How the last run ended; hosts forget that. */
    lastRunEnd: Type.Optional(Type.Enum(["GuestShutdown", "Failure"])),
    /** When the guest was first asked to shut down; the grace period counts from here. */
    shutdownRequestedAt: Type.Optional(Type.String({ maxLength: 40 })),
    startFailure: Type.Optional(
      Type.Object(
        {
          consecutiveFailCount: Type.Integer({ minimum: 0 }),
          lastFailureTime: Type.String({ maxLength: 40 }),
          retryAfterTime: Type.String({ maxLength: 40 }),
          message: Type.String({ maxLength: 4096 }),
        },
        closed,
      ),
    ),
    runOverride: Type.Optional(RunOverrideSchema),
    restartRequest: Type.Optional(RestartRequestSchema),
    /** Volumes made for this machine, by disk name: what deletion removes. Written before they are made. */
    volumes: Type.Optional(
      Type.Array(
        Type.Object(
          {
            disk: Type.String({ maxLength: 63 }),
            volume: Type.String({ maxLength: 128 }),
            /** The image content that it is an overlay of. */
            backing: Type.Optional(Type.String({ maxLength: 128 })),
            /** What it was made with; it may have grown since. */
            capacityBytes: Type.Optional(Type.Integer({ minimum: 0 })),
            /** It has been seen on the host: missing later means data is lost; nobody makes a new one. */
            made: Type.Optional(Type.Boolean()),
          },
          closed,
        ),
        { maxItems: 64 },
      ),
    ),
    /**
     * The Volumes that its domain has or may have: written before one is attached or defined, taken off the
     * list when it was seen to be gone from the running domain and from its definition.
     */
    attachedVolumes: Type.Optional(Type.Array(AttachedVolumeSchema, { maxItems: 64 })),
    /** The kernel and initrd contents that the next start needs; kept while listed, as a volume's backing. */
    bootContents: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 2 })),
  },
  closed,
);

export const VirtualMachineSchema = Type.Object(
  {
    apiVersion: Type.Literal("ostler.dev/v1"),
    kind: Type.Literal("VirtualMachine"),
    metadata: ObjectMetaSchema,
    spec: VirtualMachineSpecSchema,
    status: Type.Optional(VirtualMachineStatusSchema),
  },
  { ...closed, description: "A virtual machine that should exist on one of the hosts." },
);

export interface VirtualMachineSpec extends Readonly<Static<typeof VirtualMachineSpecSchema>> {}
export interface VirtualMachineStatus extends Readonly<Static<typeof VirtualMachineStatusSchema>> {}
export interface VirtualMachine extends Readonly<Static<typeof VirtualMachineSchema>> {}
export type RunStrategy = Static<typeof RunStrategySchema>;
export type PrintableStatus = Static<typeof PrintableStatusSchema>;
export type VirtualMachineDisk = Static<typeof DiskSchema>;
export type AttachedVolume = Readonly<Static<typeof AttachedVolumeSchema>>;
export type VirtualMachineNetwork = Static<typeof NetworkSchema>;

/** Held until no domain, volume or other trace of the machine is left on its host. */
export const virtualMachineFinalizer = "ostler.dev/virtual-machine";

export const VirtualMachineKind: Kind<VirtualMachine> = {
  group: "ostler.dev",
  version: "v1",
  kind: "VirtualMachine",
  plural: "virtualmachines",
  singular: "virtualmachine",
  shortNames: ["vm", "vms"],
  namespaced: true,
  schema: VirtualMachineSchema,
  hasStatus: true,
  finalizers: [virtualMachineFinalizer],
  columns: [
    { name: "Status", path: "status.printableStatus", type: "string" },
    { name: "Ready", path: "status.conditions[Ready].status", type: "string" },
    { name: "Host", path: "status.hostName", type: "string" },
    { name: "Strategy", path: "spec.runStrategy", type: "string", wide: true },
    { name: "Domain", path: "status.domain.name", type: "string", wide: true },
  ],
  check: checkVirtualMachine,
  checkUpdate: checkVirtualMachineUpdate,
};
