import { assertNever } from "../../runtime/errors.ts";
import type { Accelerator } from "../../schema/host.ts";
import { checkDefinition, checkDomainVolume } from "../definition.ts";
import type { DomainDefinition, DomainDisk, DomainNetwork, DomainVolume, OwnershipMark } from "../driver.ts";
import { textElement, writeXml, type XmlNode, xml } from "./xml-writer.ts";

/** What a definition depends on besides itself. */
export interface HostProfile {
  /** libvirt's word: `x86_64`, `aarch64`, ... */
  readonly architecture: string;
  /** The directory of our pool. */
  readonly poolPath: string;
  /** libvirt's number: 9.0.0 is 9000000. */
  readonly libvirtVersion: number;
}

/** The namespace of our element in a domain's metadata. */
export const metadataUri = "https://ostler.dev/libvirt/v1";

/** The alias that carries a network's name; libvirt keeps aliases that begin with `ua-`. */
export const networkAliasPrefix = "ua-net-";

const tbCacheVersion = 8_010_000;

/** The domain that libvirt is given for a definition. Throws `Invalid` when it is not one. */
export function writeDomain(definition: DomainDefinition, profile: HostProfile): string {
  checkDefinition(definition);
  const { mark, domainName, accelerator, cpus, memoryBytes } = definition;
  return writeXml(
    xml(
      "domain",
      { type: accelerator },
      textElement("name", domainName),
      textElement("uuid", mark.uid),
      xml("metadata", {}, writeMark(mark)),
      xml("memory", { unit: "KiB" }, String(memoryBytes / 1024)),
      xml("vcpu", { placement: "static" }, String(cpus)),
      operatingSystem(definition, profile),
      features(definition, profile),
      cpu(accelerator, profile),
      clock(accelerator, profile),
      textElement("on_poweroff", "destroy"),
      textElement("on_reboot", "restart"),
      textElement("on_crash", "destroy"),
      powerManagement(accelerator, profile),
      devices(definition, profile),
    ),
  );
}

/** The path of a volume: our pool is a plain directory. */
export function volumePath(poolPath: string, volume: string): string {
  return `${poolPath}/${volume}`;
}

/** The machine type of an architecture; libvirt's own choice for those we do not know. */
export function machineOf(accelerator: Accelerator, architecture: string): { readonly machine?: string } {
  if (accelerator === "test") return {};
  if (isX86(architecture)) return { machine: "q35" };
  return architecture === "aarch64" ? { machine: "virt" } : {};
}

/** The CPU that guests see: all that emulation can do, or under KVM what the host's CPU is. */
export function cpu(accelerator: Accelerator, { architecture }: HostProfile): XmlNode | undefined {
  switch (accelerator) {
    case "kvm":
      // host-model survives a change of hosts with like CPUs; it exists on x86 only.
      return xml("cpu", { mode: isX86(architecture) ? "host-model" : "host-passthrough" });
    case "qemu":
      return xml("cpu", { mode: "maximum" });
    case "test":
      return undefined;
    default:
      return assertNever(accelerator);
  }
}

function isX86(architecture: string): boolean {
  return architecture === "x86_64" || architecture === "i686";
}

/** Machines without a BIOS need UEFI, unless a kernel is booted directly. */
function needsFirmware(
  { accelerator, kernelBoot }: DomainDefinition,
  { architecture }: HostProfile,
): boolean {
  return accelerator !== "test" && architecture === "aarch64" && kernelBoot === undefined;
}

function writeMark({ clusterId, namespace, name, uid, epoch }: OwnershipMark): XmlNode {
  return xml("ostler:vm", { "xmlns:ostler": metadataUri, cluster: clusterId, namespace, name, uid, epoch });
}

function operatingSystem(definition: DomainDefinition, profile: HostProfile): XmlNode {
  const { accelerator, kernelBoot } = definition;
  const machine = machineOf(accelerator, profile.architecture);
  const inPool = (volume: string): string => volumePath(profile.poolPath, volume);
  return xml(
    "os",
    needsFirmware(definition, profile) ? { firmware: "efi" } : {},
    xml("type", { arch: profile.architecture, ...machine }, "hvm"),
    kernelBoot && textElement("kernel", inPool(kernelBoot.kernel)),
    kernelBoot?.initrd !== undefined && textElement("initrd", inPool(kernelBoot.initrd)),
    kernelBoot?.commandLine !== undefined && textElement("cmdline", kernelBoot.commandLine),
  );
}

function features(definition: DomainDefinition, profile: HostProfile): XmlNode | undefined {
  const x86 = isX86(profile.architecture);
  // An ARM machine has ACPI only with UEFI; libvirt refuses it otherwise.
  const acpi = (x86 || needsFirmware(definition, profile)) && xml("acpi");
  // QEMU would set aside a gigabyte or more of each guest's host memory for translated code.
  const small = definition.accelerator === "qemu" && profile.libvirtVersion >= tbCacheVersion;
  const cache = small && xml("tcg", {}, xml("tb-cache", { unit: "MiB" }, "32"));
  return acpi || cache ? xml("features", {}, acpi, x86 && xml("apic"), cache) : undefined;
}

function clock(accelerator: Accelerator, { architecture }: HostProfile): XmlNode {
  if (accelerator === "test" || !isX86(architecture)) return xml("clock", { offset: "utc" });
  // A guest that was not scheduled catches up; the HPET costs an idle guest CPU time and is not needed.
  return xml(
    "clock",
    { offset: "utc" },
    xml("timer", { name: "rtc", tickpolicy: "catchup" }),
    xml("timer", { name: "pit", tickpolicy: "delay" }),
    xml("timer", { name: "hpet", present: "no" }),
  );
}

/** A guest must not suspend itself: nobody would wake it. */
function powerManagement(accelerator: Accelerator, { architecture }: HostProfile): XmlNode | undefined {
  if (accelerator === "test" || !isX86(architecture)) return undefined;
  return xml("pm", {}, xml("suspend-to-mem", { enabled: "no" }), xml("suspend-to-disk", { enabled: "no" }));
}

function devices(definition: DomainDefinition, profile: HostProfile): XmlNode {
  const { disks, volumes = [], networks } = definition;
  const { poolPath } = profile;
  const targets = targetNames(disks);
  return xml(
    "devices",
    {},
    ...disks.map((disk, index) => writeDisk(disk, targets.get(disk.name) ?? "", index, poolPath)),
    ...volumes.map((volume) => diskOf(volume, poolPath)),
    ...ports(definition, profile),
    xml("controller", { type: "usb", model: "none" }),
    ...scsiControllers(disks),
    ...networks.map(writeNetwork),
    xml("serial", { type: "pty" }, xml("target", { port: 0 })),
    xml("console", { type: "pty" }, xml("target", { type: "serial", port: 0 })),
    xml("channel", { type: "unix" }, xml("target", { type: "virtio", name: "org.qemu.guest_agent.0" })),
    xml("memballoon", { model: "virtio" }, xml("stats", { period: 10 })),
    // Of QEMU itself: no device of the host has to be let in, nor may it be missing.
    xml("rng", { model: "virtio" }, xml("backend", { model: "builtin" })),
  );
}

/**
 * The format is always named: a guest could else write a header that makes the host open another file.
 * `cache=none` keeps guests' data out of the host's page cache, and nothing the guest flushed can be lost.
 * The order of the definition is the boot order, which is also how it is read back: libvirt sorts disks.
 */
function writeDisk(disk: DomainDisk, target: string, index: number, poolPath: string): XmlNode {
  return xml(
    "disk",
    { type: "file", device: "disk" },
    xml("driver", { name: "qemu", type: "qcow2", cache: "none", discard: "unmap" }),
    xml("source", { file: volumePath(poolPath, disk.volume) }),
    xml("target", { dev: target, bus: disk.bus }),
    xml("boot", { order: index + 1 }),
    textElement("serial", disk.name),
  );
}

/** A volume as a device, for a running domain to be given or to give back. */
export function writeVolume(volume: DomainVolume, poolPath: string): string {
  checkDomainVolume(volume);
  return writeXml(diskOf(volume, poolPath));
}

/** Without a place in the boot order, which tells it from the disks that are there from the beginning. */
function diskOf({ name, volume, format, target }: DomainVolume, poolPath: string): XmlNode {
  return xml(
    "disk",
    { type: "file", device: "disk" },
    xml("driver", { name: "qemu", type: format, cache: "none", discard: "unmap" }),
    xml("source", { file: volumePath(poolPath, volume) }),
    xml("target", { dev: target, bus: "virtio" }),
    textElement("serial", name),
  );
}

/** How many volumes can be attached beyond those that a domain was started with. */
const spareVolumes = 8;

/**
 * A PCI Express device is only plugged into a port that is there from the start. libvirt puts the devices of
 * a definition into the ports that it names, and adds those that are missing; what is left over is spare.
 */
function ports({ accelerator, disks, volumes = [], networks }: DomainDefinition, profile: HostProfile) {
  if (machineOf(accelerator, profile.architecture).machine === undefined) return [];
  const onBus = disks.filter(({ bus }) => bus === "virtio").length + volumes.length + networks.length;
  const count = onBus + scsiControllers(disks).length + builtInDevices + spareVolumes;
  const port = xml("controller", { type: "pci", model: "pcie-root-port" });
  const root = xml("controller", { type: "pci", index: 0, model: "pcie-root" });
  return [root, ...Array.from({ length: count }, () => port)];
}

/** The channel to the guest agent, the memory balloon and the random number generator. */
const builtInDevices = 3;

/** SCSI and SATA share the letters after `sd`; SCSI comes first, so that its controllers fill up in order. */
function targetNames(disks: readonly DomainDisk[]): ReadonlyMap<string, string> {
  const on = (bus: DomainDisk["bus"]) => disks.filter((disk) => disk.bus === bus);
  const lettered = (prefix: string, group: readonly DomainDisk[]): readonly [string, string][] =>
    group.map((disk, index) => [disk.name, `${prefix}${String.fromCharCode(97 + index)}`]);
  return new Map([...lettered("vd", on("virtio")), ...lettered("sd", [...on("scsi"), ...on("sata")])]);
}

const disksPerScsiController = 15;

function scsiControllers(disks: readonly DomainDisk[]): readonly XmlNode[] {
  const count = Math.ceil(disks.filter((disk) => disk.bus === "scsi").length / disksPerScsiController);
  return Array.from({ length: count }, (_, index) =>
    xml("controller", { type: "scsi", index, model: "virtio-scsi" }),
  );
}

function writeNetwork({ name, source, macAddress, model }: DomainNetwork): XmlNode {
  return xml(
    "interface",
    { type: source.type },
    xml("mac", { address: macAddress }),
    xml("source", source.type === "network" ? { network: source.name } : { bridge: source.name }),
    xml("model", { type: model }),
    xml("alias", { name: `${networkAliasPrefix}${name}` }),
  );
}
