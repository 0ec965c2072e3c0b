import { StatusError } from "../../runtime/errors.ts";
import type { PoolSpace } from "../driver.ts";
import type { HostLinks } from "./host-links.ts";
import { errorCode, isLibvirtError, LibvirtError } from "./rpc/errors.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import { connectCalls } from "./rpc/procedures-connect.ts";
import { poolCalls } from "./rpc/procedures-storage.ts";
import type { PoolRef } from "./rpc/types.ts";
import { find, readXml } from "./xml-reader.ts";
import { textElement, writeXml, xml } from "./xml-writer.ts";

const listActive = 2;
const maxOtherPools = 32;

/** A cluster's pool on a host: a directory of its own. */
export interface PoolPlace {
  readonly name: string;
  readonly path: string;
}

/** Where a cluster's volumes are. Throws `Invalid` when its id begins with other than letters and digits. */
export function poolPlace(clusterId: string): PoolPlace {
  const name = `ostler-${clusterId.slice(0, 8).toLowerCase()}`;
  if (!/^ostler-[a-z0-9]{1,8}$/.test(name)) {
    throw new StatusError("Invalid", `cluster id "${clusterId}" must begin with letters and digits`);
  }
  return { name, path: `/var/lib/libvirt/images/${name}` };
}

/** The pool as it is; undefined when there is none. Throws `OwnershipConflict` when it is elsewhere. */
export async function findPool(
  links: HostLinks,
  place: PoolPlace,
  options: CallOptions,
): Promise<PoolRef | undefined> {
  const pool = await lookUp(links, place.name, options);
  if (pool === undefined) return undefined;
  const description = await links.call(poolCalls.getXml, { pool, flags: 0 }, options);
  const path = find(readXml(description.xml), "target", "path")?.text;
  if (path === place.path) return pool;
  throw new StatusError(
    "OwnershipConflict",
    `storage pool "${place.name}" is at ${path}, not at ${place.path}: it is not ours, remove it`,
  );
}

/** The pool, made, started and set to start with the host as far as it is not. */
export async function ensurePool(links: HostLinks, place: PoolPlace, options: CallOptions): Promise<PoolRef> {
  const found = await findPool(links, place, options);
  const pool = found ?? (await definePool(links, place, options));
  await startPool(links, pool, options);
  await links.call(poolCalls.setAutostart, { pool, autostart: true }, options);
  return pool;
}

/** How much is in a pool, as libvirt counted when it last changed or refreshed it. */
export async function poolSpace(links: HostLinks, pool: PoolRef, options: CallOptions): Promise<PoolSpace> {
  const { capacity, allocation, available } = await links.call(poolCalls.getInfo, { pool }, options);
  return {
    name: pool.name,
    capacityBytes: Number(capacity),
    allocatedBytes: Number(allocation),
    availableBytes: Number(available),
  };
}

/** The active pools that are not at our place, the first few by name. */
export async function otherPools(
  links: HostLinks,
  place: PoolPlace,
  options: CallOptions,
): Promise<readonly PoolSpace[]> {
  const args = { needResults: 1, flags: listActive };
  const { pools } = await links.call(connectCalls.listAllPools, args, options);
  const others = pools
    .filter(({ name }) => name !== place.name)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, maxOtherPools);
  const spaces = await Promise.all(others.map((pool) => spaceIfThere(links, pool, options)));
  return spaces.filter((space) => space !== undefined);
}

/** Other people's pools come and go. */
async function spaceIfThere(
  links: HostLinks,
  pool: PoolRef,
  options: CallOptions,
): Promise<PoolSpace | undefined> {
  try {
    return await poolSpace(links, pool, options);
  } catch (error) {
    if (error instanceof LibvirtError) return undefined;
    throw error;
  }
}

async function lookUp(links: HostLinks, name: string, options: CallOptions): Promise<PoolRef | undefined> {
  try {
    return (await links.call(poolCalls.lookupByName, { name }, options)).pool;
  } catch (error) {
    if (isLibvirtError(error, errorCode.noStoragePool)) return undefined;
    throw error;
  }
}

async function definePool(links: HostLinks, place: PoolPlace, options: CallOptions): Promise<PoolRef> {
  const definition = xml(
    "pool",
    { type: "dir" },
    textElement("name", place.name),
    xml("target", {}, textElement("path", place.path)),
  );
  try {
    return (await links.call(poolCalls.defineXml, { xml: writeXml(definition), flags: 0 }, options)).pool;
  } catch (error) {
    // Another connection may have been faster.
    const pool = await findPool(links, place, options);
    if (pool === undefined) throw error;
    return pool;
  }
}

async function startPool(links: HostLinks, pool: PoolRef, options: CallOptions): Promise<void> {
  if (await isActive(links, pool, options)) return;
  try {
    await links.call(poolCalls.build, { pool, flags: 0 }, options);
    await links.call(poolCalls.create, { pool, flags: 0 }, options);
  } catch (error) {
    if (!(await isActive(links, pool, options))) throw error;
  }
}

async function isActive(links: HostLinks, pool: PoolRef, options: CallOptions): Promise<boolean> {
  return (await links.call(poolCalls.isActive, { pool }, options)).active;
}
