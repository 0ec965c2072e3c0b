import type { Accelerator } from "../../schema/host.ts";
import type {
  DomainDefinition,
  DomainDisk,
  DomainKernelBoot,
  DomainNetwork,
  DomainVolume,
  OwnershipMark,
} from "../driver.ts";
import { isVolumeName } from "../volume-name.ts";
import { metadataUri, networkAliasPrefix } from "./domain-xml.ts";
import { attribute, find, findAll, readXml, type XmlElement, XmlError } from "./xml-reader.ts";

/** A domain as its XML describes it. */
export interface ParsedDomain {
  readonly uid: string;
  readonly domainName: string;
  /** What it may use at most. */
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly mark?: OwnershipMark;
  /** Present with a mark only. What we never write shows as a value that we never write. */
  readonly definition?: DomainDefinition;
  /** The cluster whose probe guest this is. */
  readonly probeOf?: string;
}

/**
 * Reads a domain's XML, best the inactive one. `poolPath` is where our volumes are. Throws `XmlError`.
 *
 * A disk or network that we would not have written (another file, format or bus, a CD-ROM) appears in the
 * definition under a name with a colon, so that comparing it with what should be shows the difference.
 */
export function parseDomain(text: string, poolPath: string): ParsedDomain {
  const domain = readXml(text);
  if (domain.name !== "domain") throw new XmlError(`is no domain but a ${domain.name}`);
  const uid = (find(domain, "uuid")?.text ?? "").toLowerCase();
  const domainName = find(domain, "name")?.text ?? "";
  const size = { cpus: maximumCpus(domain), memoryBytes: sizeOf(find(domain, "memory")) };
  const probeOf = attribute(ourElement(domain, "probe"), "cluster");
  const parsed = { uid, domainName, ...size, ...(probeOf === undefined ? {} : { probeOf }) };
  const mark = parseMark(domain, uid);
  if (mark === undefined) return parsed;
  const definition = parseDefinition(domain, { mark, domainName, poolPath });
  return { ...parsed, mark, ...(definition === undefined ? {} : { definition }) };
}

/** Our mark; undefined when it is incomplete or was copied from another domain. */
function parseMark(domain: XmlElement, uid: string): OwnershipMark | undefined {
  const element = ourElement(domain, "vm");
  const clusterId = attribute(element, "cluster");
  const namespace = attribute(element, "namespace");
  const name = attribute(element, "name");
  const epoch = attribute(element, "epoch") ?? "";
  if (clusterId === undefined || namespace === undefined || name === undefined) return undefined;
  if (attribute(element, "uid") !== uid || !/^\d{1,15}$/.test(epoch)) return undefined;
  return { clusterId, namespace, name, uid, epoch: Number(epoch) };
}

function ourElement(domain: XmlElement, name: string): XmlElement | undefined {
  return find(domain, "metadata")?.children.find((child) => child.name === name && child.uri === metadataUri);
}

interface Context {
  readonly mark: OwnershipMark;
  readonly domainName: string;
  readonly poolPath: string;
}

/** Undefined when the domain is of a type that we never define. */
function parseDefinition(domain: XmlElement, context: Context): DomainDefinition | undefined {
  const accelerator = acceleratorOf(attribute(domain, "type"));
  if (accelerator === undefined) return undefined;
  const devices = find(domain, "devices");
  const disks = findAll(devices, "disk");
  const volumes = parseVolumes(disks, context.poolPath);
  const definition = {
    mark: context.mark,
    domainName: context.domainName,
    accelerator,
    cpus: definedCpus(domain),
    memoryBytes: definedMemory(domain),
    disks: parseDisks(disks, context.poolPath),
    ...(volumes.length === 0 ? {} : { volumes }),
    networks: findAll(devices, "interface").map(parseNetwork),
  };
  const kernelBoot = parseKernelBoot(find(domain, "os"), context.poolPath);
  return kernelBoot === undefined ? definition : { ...definition, kernelBoot };
}

function acceleratorOf(type: string | undefined): Accelerator | undefined {
  return type === "kvm" || type === "qemu" || type === "test" ? type : undefined;
}

function maximumCpus(domain: XmlElement): number {
  return countOf(find(domain, "vcpu")?.text ?? "1");
}

/** We give a machine all it may have: a lower amount for now is somebody's edit, and no size of ours. */
function definedCpus(domain: XmlElement): number {
  const maximum = maximumCpus(domain);
  const current = attribute(find(domain, "vcpu"), "current");
  return current === undefined || countOf(current) === maximum ? maximum : 0;
}

function definedMemory(domain: XmlElement): number {
  const maximum = sizeOf(find(domain, "memory"));
  const current = find(domain, "currentMemory");
  return current === undefined || sizeOf(current) === maximum ? maximum : 0;
}

const units: ReadonlyMap<string, number> = new Map([
  ["b", 1],
  ["bytes", 1],
  ["KB", 1e3],
  ["KiB", 2 ** 10],
  ["MB", 1e6],
  ["MiB", 2 ** 20],
  ["GB", 1e9],
  ["GiB", 2 ** 30],
  ["TB", 1e12],
  ["TiB", 2 ** 40],
]);

/** Bytes of an element like `<memory unit='KiB'>`; KiB when it names no unit. */
function sizeOf(element: XmlElement | undefined): number {
  return countOf(element?.text ?? "0") * (units.get(attribute(element, "unit") ?? "KiB") ?? 0);
}

/** A whole number; 0 for what is none. */
function countOf(text: string): number {
  return /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : 0;
}

/** What a domain's process has, and whether there is one. `text`: its live XML. Throws `XmlError`. */
export function parseLiveVolumes(
  text: string,
  poolPath: string,
): { readonly active: boolean; readonly volumes: readonly DomainVolume[] } {
  const domain = readXml(text);
  const active = attribute(domain, "id") !== undefined;
  return { active, volumes: parseVolumes(findAll(find(domain, "devices"), "disk"), poolPath) };
}

function parseVolumes(disks: readonly XmlElement[], poolPath: string): readonly DomainVolume[] {
  const volumes = disks.map((disk) => parseVolume(disk, poolPath)).filter((volume) => volume !== undefined);
  return volumes.sort((left, right) => (left.target < right.target ? -1 : 1));
}

/** Undefined for a disk that is there from the beginning, and for what we would not write. */
function parseVolume(disk: XmlElement, poolPath: string): DomainVolume | undefined {
  const target = attribute(find(disk, "target"), "dev") ?? "";
  const volume = volumeIn(poolPath, attribute(find(disk, "source"), "file"));
  const format = attribute(find(disk, "driver"), "type");
  const name = find(disk, "serial")?.text;
  if (!/^vd[a-z]{2}$/.test(target) || find(disk, "boot") !== undefined) return undefined;
  if ((attribute(disk, "device") ?? "disk") !== "disk" || volume === undefined) return undefined;
  if ((format !== "qcow2" && format !== "raw") || name === undefined) return undefined;
  return { name, volume, format, target };
}

/** In boot order, which is the order of the definition; those without one follow as they stand. */
function parseDisks(disks: readonly XmlElement[], poolPath: string): readonly DomainDisk[] {
  const orderOf = (disk: XmlElement): number => Number(attribute(find(disk, "boot"), "order") ?? Infinity);
  return disks
    .filter((disk) => parseVolume(disk, poolPath) === undefined)
    .map((disk) => ({ order: orderOf(disk), disk: parseDisk(disk, poolPath) }))
    .sort((left, right) => (left.order === right.order ? 0 : left.order - right.order))
    .map(({ disk }) => disk);
}

function parseDisk(disk: XmlElement, poolPath: string): DomainDisk {
  const target = find(disk, "target");
  const name = find(disk, "serial")?.text ?? attribute(target, "dev") ?? "";
  const bus = attribute(target, "bus");
  const device = attribute(disk, "device") ?? "disk";
  const format = attribute(find(disk, "driver"), "type") ?? "raw";
  const source = find(disk, "source");
  const volume = volumeIn(poolPath, attribute(source, "file"));
  if (device === "disk" && format === "qcow2" && volume !== undefined) {
    if (bus === "virtio" || bus === "scsi" || bus === "sata") return { name, volume, bus };
  }
  const where = [...(source?.attributes.values() ?? [])].join(" ");
  return { name, volume: `${device}:${bus}:${format}:${where}`, bus: "virtio" };
}

function parseNetwork(element: XmlElement, index: number): DomainNetwork {
  const alias = attribute(find(element, "alias"), "name") ?? "";
  const ours = alias.startsWith(networkAliasPrefix);
  const name = ours ? alias.slice(networkAliasPrefix.length) : `unnamed:${index}`;
  const macAddress = (attribute(find(element, "mac"), "address") ?? "").toLowerCase();
  const type = attribute(element, "type") ?? "";
  const source = find(element, "source");
  const model = attribute(find(element, "model"), "type") ?? "";
  const known = model === "virtio" || model === "e1000e" || model === "rtl8139";
  const sourceName = type === "network" || type === "bridge" ? attribute(source, type) : undefined;
  if (known && sourceName !== undefined) {
    const sourceType = type === "network" ? "network" : "bridge";
    return { name, source: { type: sourceType, name: sourceName }, macAddress, model };
  }
  const where = [...(source?.attributes.values() ?? [])].join(" ");
  return {
    name,
    source: { type: "network", name: `${type}:${model}:${where}` },
    macAddress,
    model: "virtio",
  };
}

function parseKernelBoot(os: XmlElement | undefined, poolPath: string): DomainKernelBoot | undefined {
  const kernel = find(os, "kernel")?.text;
  const initrd = find(os, "initrd")?.text;
  const commandLine = find(os, "cmdline")?.text;
  if (kernel === undefined && initrd === undefined && commandLine === undefined) return undefined;
  return {
    kernel: volumeOrPath(poolPath, kernel ?? ""),
    ...(initrd === undefined ? {} : { initrd: volumeOrPath(poolPath, initrd) }),
    ...(commandLine === undefined ? {} : { commandLine }),
  };
}

function volumeOrPath(poolPath: string, path: string): string {
  return volumeIn(poolPath, path) ?? `file:${path}`;
}

/** The volume that a path names; undefined when it is not directly in our pool. */
function volumeIn(poolPath: string, path: string | undefined): string | undefined {
  if (path === undefined || !path.startsWith(`${poolPath}/`)) return undefined;
  const volume = path.slice(poolPath.length + 1);
  return isVolumeName(volume) ? volume : undefined;
}
