import { StatusError } from "../../runtime/errors.ts";
import type { ObservedVolume, PoolSpace, VolumeSpec } from "../driver.ts";
import { checkVolumeName, isVolumeName } from "../volume-name.ts";
import { volumePath } from "./domain-xml.ts";
import type { HostLinks } from "./host-links.ts";
import { ensurePool, findPool, type PoolPlace, poolSpace } from "./pool.ts";
import { RollingCache } from "./rolling-cache.ts";
import { errorCode, isLibvirtError } from "./rpc/errors.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import { poolCalls, volumeCalls } from "./rpc/procedures-storage.ts";
import type { PoolRef, VolumeRef } from "./rpc/types.ts";
import { attribute, find, readXml } from "./xml-reader.ts";
import { textElement, writeXml, type XmlNode, xml } from "./xml-writer.ts";

/** What a volume's own XML says, read from the file itself. */
export interface VolumeDetails {
  readonly format: string;
  readonly capacityBytes: number;
  /** The file's length. */
  readonly physicalBytes: number;
}

/** Begins with a dot, which no volume of ours does. */
const uploadingPrefix = ".uploading-";

/** The kernel of probe guests: in our pool, but of no concern to anybody else. */
export const probeVolume = "ostler-probe-1.raw";

/** The volume whose presence says that another one's content is not known to be whole. */
export function uploadingMarker(volume: string): string {
  return `${uploadingPrefix}${volume}`;
}

/** The volumes of one cluster on one host. Errors of libvirt come as they are. */
export class Volumes {
  readonly #links: HostLinks;
  readonly #place: PoolPlace;
  readonly #capacities: RollingCache<number>;
  #pool: PoolRef | undefined;

  constructor(links: HostLinks, place: PoolPlace) {
    this.#links = links;
    this.#place = place;
    this.#capacities = new RollingCache({
      fetch: (name) => this.#capacityOf(name),
      auditSize: 16,
      concurrency: 4,
    });
  }

  get path(): string {
    return this.#place.path;
  }

  /** Our pool, ready for use. */
  async ensurePool(options: CallOptions): Promise<PoolRef> {
    this.#pool = await ensurePool(this.#links, this.#place, options);
    return this.#pool;
  }

  /** All whole volumes; none while there is no pool. */
  async list(options: CallOptions): Promise<readonly ObservedVolume[]> {
    const names = await this.#names(options);
    const all = new Set(names);
    const ours = names.filter((name) => isVolumeName(name) && name !== probeVolume);
    const whole = ours.filter((name) => !all.has(uploadingMarker(name)));
    const capacities = await this.#capacities.look(whole);
    return whole.flatMap((name) => {
      const capacityBytes = capacities.get(name);
      return capacityBytes === undefined ? [] : [{ name, capacityBytes }];
    });
  }

  /** How much is in our pool; undefined while there is no pool. */
  async space(options: CallOptions): Promise<PoolSpace | undefined> {
    const pool = this.#pool;
    if (pool === undefined) return undefined;
    try {
      return await poolSpace(this.#links, pool, options);
    } catch (error) {
      if (isLibvirtError(error, errorCode.noStoragePool, errorCode.operationInvalid)) return undefined;
      throw error;
    }
  }

  /** Makes a disk or grows it. Throws `NotFound` without its backing, `Conflict` when it is no qcow2. */
  async ensure(spec: VolumeSpec, options: CallOptions): Promise<void> {
    checkVolumeName(spec.volume);
    const pool = await this.ensurePool(options);
    const found = await this.find(pool, spec.volume, options);
    if (found !== undefined) {
      return spec.format === "raw" ? this.#growRaw(found, spec, options) : this.#grow(found, spec, options);
    }
    if (spec.backing !== undefined) await this.#needWhole(pool, spec.backing.volume, options);
    const made = await this.create(pool, volumeXml(spec, this.path), options);
    if (made === undefined) return this.ensure(spec, options);
  }

  /** Removes a volume and what is left of its upload. */
  async delete(name: string, options: CallOptions): Promise<void> {
    checkVolumeName(name);
    const pool = await findPool(this.#links, this.#place, options);
    if (pool === undefined) return;
    await this.remove(pool, name, options);
    await this.remove(pool, uploadingMarker(name), options);
  }

  async find(pool: PoolRef, name: string, options: CallOptions): Promise<VolumeRef | undefined> {
    try {
      return (await this.#links.call(volumeCalls.lookupByName, { pool, name }, options)).volume;
    } catch (error) {
      if (isLibvirtError(error, errorCode.noStorageVolume)) return undefined;
      throw error;
    }
  }

  /** Makes a volume; undefined when there is one of this name already. */
  async create(pool: PoolRef, node: XmlNode, options: CallOptions): Promise<VolumeRef | undefined> {
    try {
      const args = { pool, xml: writeXml(node), flags: 0 };
      return (await this.#links.call(volumeCalls.createXml, args, options)).volume;
    } catch (error) {
      if (isLibvirtError(error, errorCode.storageVolumeExists)) return undefined;
      throw error;
    }
  }

  async remove(pool: PoolRef, name: string, options: CallOptions): Promise<void> {
    this.#capacities.invalidate(name);
    const volume = await this.find(pool, name, options);
    if (volume === undefined) return;
    try {
      await this.#links.call(volumeCalls.delete, { volume, flags: 0 }, options);
    } catch (error) {
      if (!isLibvirtError(error, errorCode.noStorageVolume)) throw error;
    }
  }

  async details(volume: VolumeRef, options: CallOptions): Promise<VolumeDetails> {
    const { xml: text } = await this.#links.call(volumeCalls.getXml, { volume, flags: 0 }, options);
    const root = readXml(text);
    return {
      format: attribute(find(root, "target", "format"), "type") ?? "raw",
      capacityBytes: Number(find(root, "capacity")?.text ?? 0),
      physicalBytes: Number(find(root, "physical")?.text ?? 0),
    };
  }

  /** The content of a volume was written: what was remembered of it does not count. */
  changed(name: string): void {
    this.#capacities.invalidate(name);
  }

  async #names(options: CallOptions): Promise<readonly string[]> {
    try {
      const pool = this.#pool ?? (await findPool(this.#links, this.#place, options));
      if (pool === undefined) return [];
      this.#pool = pool;
      const args = { pool, needResults: 1, flags: 0 };
      const { volumes } = await this.#links.call(poolCalls.listAllVolumes, args, options);
      return volumes.map((volume) => volume.name);
    } catch (error) {
      // Gone or stopped: looking changes nothing, the next volume that is wanted brings it back.
      if (!isLibvirtError(error, errorCode.noStoragePool, errorCode.operationInvalid)) throw error;
      this.#pool = undefined;
      return [];
    }
  }

  async #capacityOf(name: string): Promise<number | undefined> {
    const volume = { pool: this.#place.name, name, key: "" };
    try {
      return Number((await this.#links.call(volumeCalls.getInfo, { volume }, {}, "control")).capacity);
    } catch (error) {
      // Deleted since it was listed, or its file was, behind libvirt's back.
      if (isLibvirtError(error, errorCode.noStorageVolume, errorCode.systemError)) return undefined;
      throw error;
    }
  }

  async #grow(volume: VolumeRef, spec: VolumeSpec, options: CallOptions): Promise<void> {
    const { format, capacityBytes } = await this.details(volume, options);
    if (format !== "qcow2") {
      throw new StatusError(
        "Conflict",
        `volume "${spec.volume}" has format ${format}, not qcow2: it is left alone; remove it by hand`,
      );
    }
    if (capacityBytes >= spec.capacityBytes) return;
    this.#capacities.invalidate(spec.volume);
    const args = { volume, capacity: spec.capacityBytes, flags: 0 };
    await this.#links.call(volumeCalls.resize, args, options);
    this.#capacities.invalidate(spec.volume);
  }

  /**
   * By writing its last byte. What a guest writes to the beginning of a raw disk can look like the header of
   * another format: libvirt would believe it and have the host open the files that it names.
   */
  async #growRaw(volume: VolumeRef, spec: VolumeSpec, { signal }: CallOptions): Promise<void> {
    const { physicalBytes } = await this.details(volume, signal === undefined ? {} : { signal });
    if (physicalBytes >= spec.capacityBytes) return;
    const limits = signal === undefined ? this.#links.ended : AbortSignal.any([signal, this.#links.ended]);
    await using client = await this.#links.openThird(limits);
    const args = { volume, offset: spec.capacityBytes - 1, length: 1, flags: 0 };
    await client.upload(volumeCalls.upload, args, lastByte(), { signal: limits });
    this.#capacities.invalidate(spec.volume);
  }

  async #needWhole(pool: PoolRef, name: string, options: CallOptions): Promise<void> {
    checkVolumeName(name);
    const [volume, marker] = [
      await this.find(pool, name, options),
      await this.find(pool, uploadingMarker(name), options),
    ];
    if (volume !== undefined && marker === undefined) return;
    const why = volume === undefined ? "is not in the pool" : "is not whole yet";
    throw new StatusError("NotFound", `volume "${name}", which another shall be an overlay of, ${why}`);
  }
}

async function* lastByte(): AsyncGenerator<Uint8Array, void, undefined> {
  yield new Uint8Array(1);
}

function volumeXml(
  { volume, capacityBytes, backing, format = "qcow2" }: VolumeSpec,
  poolPath: string,
): XmlNode {
  return xml(
    "volume",
    {},
    textElement("name", volume),
    xml("capacity", { unit: "bytes" }, String(capacityBytes)),
    xml("allocation", { unit: "bytes" }, "0"),
    xml("target", {}, xml("format", { type: format })),
    backing &&
      xml(
        "backingStore",
        {},
        textElement("path", volumePath(poolPath, backing.volume)),
        xml("format", { type: backing.format }),
      ),
  );
}
