import { createHash } from "node:crypto";
import type { Accelerator } from "../../schema/host.ts";
import type { HostFacts } from "../driver.ts";
import type { HostLinks } from "./host-links.ts";
import { cpuTopology, numaCells } from "./host-topology.ts";
import { errorCode, isLibvirtError } from "./rpc/errors.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import { connectCalls } from "./rpc/procedures-connect.ts";
import { attribute, find, findAll, readXml, type XmlElement } from "./xml-reader.ts";

/** What the host's libvirt says of itself, all but its storage. */
export interface HostSelfDescription extends Omit<HostFacts, "pool" | "otherPools"> {
  /** 9.0.0 is 9000000. */
  readonly libvirtVersion: number;
}

/** Asks the host what it is. */
export async function describeHost(links: HostLinks, options: CallOptions): Promise<HostSelfDescription> {
  const [{ xml }, { hostname }, info, { type }, { version }, library] = await Promise.all([
    links.call(connectCalls.getCapabilities, {}, options),
    links.call(connectCalls.getHostname, {}, options),
    links.call(connectCalls.nodeGetInfo, {}, options),
    links.call(connectCalls.getType, {}, options),
    links.call(connectCalls.getVersion, {}, options),
    links.call(connectCalls.getLibVersion, {}, options),
  ]);
  const capabilities = readXml(xml);
  const architecture = find(capabilities, "host", "cpu", "arch")?.text ?? "unknown";
  const libvirtVersion = Number(library.version);
  return {
    hostUuid: find(capabilities, "host", "uuid")?.text.toLowerCase() ?? uuidOf(hostname),
    hostname,
    architecture,
    hypervisor: {
      type: type.toLowerCase(),
      version: formatVersion(Number(version)),
      libvirt: formatVersion(libvirtVersion),
    },
    accelerators: acceleratorsOf(capabilities, architecture),
    cpus: info.cpus,
    memoryBytes: ((await totalMemoryKib(links, options)) ?? Number(info.memoryKib)) * 1024,
    topology: cpuTopology(capabilities, info),
    numa: numaCells(capabilities),
    libvirtVersion,
  };
}

/**
 * All memory that the host's kernel has. What `nodeGetInfo` tells is the first NUMA node's on some machines,
 * and it varies where memory comes and goes. Undefined from a driver that does not count.
 */
async function totalMemoryKib(links: HostLinks, options: CallOptions): Promise<number | undefined> {
  const all = { cell: -1, flags: 0 };
  try {
    const { count } = await links.call(connectCalls.nodeGetMemoryStats, { ...all, count: 0 }, options);
    const { params } = await links.call(connectCalls.nodeGetMemoryStats, { ...all, count }, options);
    const total = params.find((stat) => stat.field === "total");
    return total === undefined ? undefined : Number(total.value);
  } catch (error) {
    if (isLibvirtError(error, errorCode.noSupport)) return undefined;
    throw error;
  }
}

/** What guests of the host's own architecture can run with. */
function acceleratorsOf(capabilities: XmlElement, architecture: string): readonly Accelerator[] {
  const types = findAll(capabilities, "guest")
    .map((guest) => find(guest, "arch"))
    .filter((arch) => attribute(arch, "name") === architecture)
    .flatMap((arch) => findAll(arch, "domain").map((domain) => attribute(domain, "type")));
  return (["kvm", "qemu", "test"] as const).filter((accelerator) => types.includes(accelerator));
}

/** libvirt's test driver has no host UUID: one that is always the same stands in. */
function uuidOf(hostname: string): string {
  const digest = createHash("sha256").update(hostname).digest("hex");
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function formatVersion(version: number): string {
  return [version / 1_000_000, (version / 1000) % 1000, version % 1000].map(Math.floor).join(".");
}
