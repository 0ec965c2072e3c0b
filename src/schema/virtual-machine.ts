import type { Static } from "typebox";
import { ownGraceSeconds } from "./grace-period.ts";
import type { Kind } from "./kind.ts";
import { mapList } from "./list-type.ts";
import { namePattern, ObjectMetaSchema } from "./meta.ts";
import { placementProperties } from "./placement.ts";
import { QuantitySchema } from "./quantity.ts";
import { Type } from "./type.ts";
import { virtualMachineColumns } from "./virtual-machine-columns.ts";
import { checkVirtualMachine, checkVirtualMachineUpdate } from "./virtual-machine-rules.ts";
import { VirtualMachineStatusSchema } from "./virtual-machine-status.ts";

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
    disks: Type.Array(DiskSchema, { maxItems: 24, default: [], ...mapList("name") }),
    networks: Type.Array(NetworkSchema, { maxItems: 16, default: [], ...mapList("name") }),
    kernelBoot: Type.Optional(KernelBootSchema),
    domainName: Type.Optional(
      Type.String({
        maxLength: 63,
        pattern: "^(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9._-]*$",
        examples: ["web"],
        description: "What its domain is called on the host, in place of NAMESPACE-NAME-UID. Never changes.",
      }),
    ),
    terminationGracePeriodSeconds: Type.Integer({
      minimum: 0,
      maximum: 86400,
      default: 30,
      description: "How long a guest may take to shut down before it is forced off.",
    }),
    failover: Type.Optional(
      Type.Enum(["Restart", "None"], {
        description:
          "When its host is confirmed to be down: Restart (the default) starts it elsewhere, with new " +
          "disks made from its images; None waits for the host.",
      }),
    ),
    ...placementProperties,
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
export type { AttachedVolume, PrintableStatus } from "./virtual-machine-status.ts";
export type RunStrategy = Static<typeof RunStrategySchema>;
export type VirtualMachineDisk = Static<typeof DiskSchema>;
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
  reportsGeneration: true,
  gracePeriodSeconds: ownGraceSeconds,
  finalizers: [virtualMachineFinalizer],
  columns: virtualMachineColumns,
  categories: ["all", "ostler"],
  selectableFields: [
    "spec.runStrategy",
    "spec.instanceType",
    "spec.priorityClassName",
    "status.hostName",
    "status.printableStatus",
  ],
  check: checkVirtualMachine,
  checkUpdate: checkVirtualMachineUpdate,
};
