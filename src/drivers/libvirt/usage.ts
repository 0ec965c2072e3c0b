import type { DomainUsage, HostUsage } from "../usage.ts";
import type { HostLinks } from "./host-links.ts";
import { errorCode, isLibvirtError } from "./rpc/errors.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import { connectCalls } from "./rpc/procedures-connect.ts";
import { domainCalls } from "./rpc/procedures-domain.ts";
import type { DomainRef } from "./rpc/types.ts";

/** Of `listAllDomains`. */
const active = 1;

/**
 * What the host and its guests have used. Asks no guest's QEMU: what is told of a domain is what the host's
 * kernel counts of its process, and the memory that libvirt last gave it.
 */
export async function measureUsage(links: HostLinks, options: CallOptions): Promise<HostUsage> {
  const wanted = { needResults: 1, flags: active };
  const [host, { domains }] = await Promise.all([
    measureHost(links, options),
    links.call(connectCalls.listAllDomains, wanted, options),
  ]);
  const measured = await Promise.all(domains.map((domain) => measureDomain(links, domain, options)));
  return {
    ...(host !== undefined && { host }),
    domains: measured.filter((usage) => usage !== undefined),
  };
}

/** Undefined when it has ended meanwhile. */
async function measureDomain(
  links: HostLinks,
  domain: DomainRef,
  options: CallOptions,
): Promise<DomainUsage | undefined> {
  try {
    const { cpuTimeNs, memoryKib } = await links.call(domainCalls.getInfo, { domain }, options);
    return { uid: domain.uuid, cpuTimeMs: Number(cpuTimeNs) / 1e6, memoryBytes: Number(memoryKib) * 1024 };
  } catch (error) {
    if (isLibvirtError(error, errorCode.noDomain, errorCode.operationInvalid)) return undefined;
    throw error;
  }
}

async function measureHost(links: HostLinks, options: CallOptions): Promise<HostUsage["host"]> {
  try {
    const [cpu, memory] = await Promise.all([cpuStats(links, options), memoryStats(links, options)]);
    const of = (stats: ReadonlyMap<string, number>, name: string): number => stats.get(name) ?? 0;
    const busyNs = of(cpu, "kernel") + of(cpu, "user");
    const spareKib = of(memory, "free") + of(memory, "buffers") + of(memory, "cached");
    return { cpuTimeMs: busyNs / 1e6, memoryBytes: (of(memory, "total") - spareKib) * 1024 };
  } catch (error) {
    if (isLibvirtError(error, errorCode.noSupport)) return undefined;
    throw error;
  }
}

type Stats = ReadonlyMap<string, number>;

async function cpuStats(links: HostLinks, options: CallOptions): Promise<Stats> {
  const all = { cpu: -1, flags: 0 };
  const { count } = await links.call(connectCalls.nodeGetCpuStats, { ...all, count: 0 }, options);
  return mapOf(await links.call(connectCalls.nodeGetCpuStats, { ...all, count }, options));
}

async function memoryStats(links: HostLinks, options: CallOptions): Promise<Stats> {
  const all = { cell: -1, flags: 0 };
  const { count } = await links.call(connectCalls.nodeGetMemoryStats, { ...all, count: 0 }, options);
  return mapOf(await links.call(connectCalls.nodeGetMemoryStats, { ...all, count }, options));
}

interface Told {
  readonly params: readonly { readonly field: string; readonly value: bigint | number }[];
}

function mapOf({ params }: Told): Stats {
  return new Map(params.map(({ field, value }) => [field, Number(value)]));
}
