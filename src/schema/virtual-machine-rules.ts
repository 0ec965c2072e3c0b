import type { StatusCause } from "../runtime/errors.ts";
import { checkPlacement } from "./placement-rules.ts";
import { parseQuantity } from "./quantity.ts";
import type {
  VirtualMachine,
  VirtualMachineDisk,
  VirtualMachineNetwork,
  VirtualMachineSpec,
} from "./virtual-machine.ts";

/** Rules of a machine that span fields. */
export function checkVirtualMachine({ spec }: VirtualMachine): readonly StatusCause[] {
  return checkVirtualMachineSpec(spec);
}

/** The same rules, for a spec that stands elsewhere: fields are named as in a machine. */
export function checkVirtualMachineSpec(spec: VirtualMachineSpec): readonly StatusCause[] {
  return [
    ...checkSize(spec),
    ...checkUnique("spec.disks", spec.disks),
    ...checkUnique("spec.networks", spec.networks),
    ...spec.disks.flatMap(checkDisk),
    ...checkVolumesDiffer(spec.disks),
    ...spec.networks.flatMap(checkNetwork),
    ...checkPlacement(spec),
  ];
}

function checkSize(spec: VirtualMachineSpec): readonly StatusCause[] {
  const inline = spec.cpus !== undefined || spec.memory !== undefined;
  if (spec.instanceType !== undefined) {
    if (!inline) return [];
    return [{ field: "spec.instanceType", message: "give either instanceType or cpus and memory, not both" }];
  }
  const causes: StatusCause[] = [];
  if (spec.cpus === undefined) {
    causes.push({ field: "spec.cpus", message: "required: give cpus and memory, or an instanceType" });
  }
  if (spec.memory === undefined) {
    causes.push({ field: "spec.memory", message: "required: give cpus and memory, or an instanceType" });
  } else if ((parseQuantity(spec.memory) ?? 0) < 1024 * 1024) {
    causes.push({ field: "spec.memory", message: `must be at least 1Mi, is ${spec.memory}` });
  }
  return causes;
}

function checkUnique(field: string, items: readonly { readonly name: string }[]): readonly StatusCause[] {
  return items.flatMap((item, index) =>
    items.findIndex((other) => other.name === item.name) === index
      ? []
      : [{ field: `${field}[${index}].name`, message: `duplicate name "${item.name}"` }],
  );
}

function checkDisk(disk: VirtualMachineDisk, index: number): readonly StatusCause[] {
  const field = `spec.disks[${index}]`;
  if (disk.volume !== undefined) return checkVolumeDisk(disk, field);
  if (disk.image === undefined && disk.size === undefined) {
    return [{ field, message: "give an image, a size for a blank disk, or a volume" }];
  }
  if (disk.size !== undefined && (parseQuantity(disk.size) ?? 0) < 1024 * 1024) {
    return [{ field: `${field}.size`, message: `must be at least 1Mi, is ${disk.size}` }];
  }
  return [];
}

function checkVolumeDisk({ image, size, bus }: VirtualMachineDisk, field: string): readonly StatusCause[] {
  if (image !== undefined || size !== undefined) {
    return [{ field: `${field}.volume`, message: "give either a volume or an image and a size, not both" }];
  }
  if (bus === "virtio") return [];
  const message = "a volume's bus is virtio: no other lets a guest take and release a disk while it runs";
  return [{ field: `${field}.bus`, message }];
}

function checkVolumesDiffer(disks: readonly VirtualMachineDisk[]): readonly StatusCause[] {
  return disks.flatMap(({ volume }, index) =>
    volume === undefined || disks.findIndex((other) => other.volume === volume) === index
      ? []
      : [{ field: `spec.disks[${index}].volume`, message: `volume "${volume}" is used twice` }],
  );
}

function checkNetwork(network: VirtualMachineNetwork, index: number): readonly StatusCause[] {
  const given = [network.network, network.bridge].filter((value) => value !== undefined).length;
  return given === 1
    ? []
    : [{ field: `spec.networks[${index}]`, message: "give exactly one of network or bridge" }];
}

/** What is on a host under a name stays under it. */
export function checkVirtualMachineUpdate(
  before: VirtualMachine,
  after: VirtualMachine,
): readonly StatusCause[] {
  const disks = checkDiskUpdates(before, after);
  if (before.spec.domainName === after.spec.domainName) return disks;
  return [{ field: "spec.domainName", message: "field is immutable: make the machine anew" }, ...disks];
}

/** A disk's content cannot be exchanged or shrunk under a name; remove it and add another. */
function checkDiskUpdates(before: VirtualMachine, after: VirtualMachine): readonly StatusCause[] {
  return after.spec.disks.flatMap((disk, index) => {
    const old = before.spec.disks.find((other) => other.name === disk.name);
    if (old === undefined) return [];
    const field = `spec.disks[${index}]`;
    if (old.image !== disk.image) {
      return [
        {
          field: `${field}.image`,
          message: "field is immutable: remove the disk and add one with another name",
        },
      ];
    }
    if (old.volume !== disk.volume) {
      return [{ field: `${field}.volume`, message: "field is immutable: remove the disk, then add another" }];
    }
    if (sizeOf(disk) < sizeOf(old)) {
      return [
        {
          field: `${field}.size`,
          message: `a disk cannot shrink: it was ${old.size}, now ${disk.size ?? "unset"}`,
        },
      ];
    }
    return [];
  });
}

function sizeOf(disk: VirtualMachineDisk): number {
  return disk.size === undefined ? 0 : (parseQuantity(disk.size) ?? 0);
}
