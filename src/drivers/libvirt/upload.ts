import { StatusError } from "../../runtime/errors.ts";
import type { VolumeContent } from "../driver.ts";
import { SingleFlight } from "../single-flight.ts";
import { checkVolumeName } from "../volume-name.ts";
import type { HostLinks } from "./host-links.ts";
import { errorCode, isLibvirtError, LibvirtError } from "./rpc/errors.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import { poolCalls, volumeCalls } from "./rpc/procedures-storage.ts";
import type { PoolRef, VolumeRef } from "./rpc/types.ts";
import { uploadingMarker, type Volumes } from "./volumes.ts";
import { Watchdog } from "./watchdog.ts";
import { textElement, type XmlNode, xml } from "./xml-writer.ts";

/**
 * Brings content onto a host. The order makes half an upload always visible (decision 0005): the marker is
 * there before the volume is, the volume begins empty and grows with what has arrived, and the marker goes
 * only when the file has the full length. A volume with a marker, or of another length, is not whole.
 */
export class Uploads {
  readonly #links: HostLinks;
  readonly #volumes: Volumes;
  readonly #flights = new SingleFlight();

  constructor(links: HostLinks, volumes: Volumes) {
    this.#links = links;
    this.#volumes = volumes;
  }

  /** Uploads unless it is there and whole; of callers at the same time one does it and all wait. */
  async ensure(content: VolumeContent, signal: AbortSignal): Promise<void> {
    checkVolumeName(content.volume);
    await this.#flights.run(content.volume, signal, (stop) => this.#ensure(content, stop));
  }

  async #ensure(content: VolumeContent, signal: AbortSignal): Promise<void> {
    const options = { signal };
    const pool = await this.#volumes.ensurePool(options);
    const marker = uploadingMarker(content.volume);
    if (!(await this.#isWhole(pool, content, options))) {
      await this.#volumes.create(pool, emptyVolume(marker), options);
      await this.#volumes.remove(pool, content.volume, options);
      await this.#upload(await this.#createEmpty(pool, content.volume, options), content, signal);
      if (!(await this.#isWhole(pool, content, options))) {
        throw new StatusError("Conflict", `volume "${content.volume}" was changed while it was uploaded`);
      }
      await this.#refresh(pool, options);
      this.#volumes.changed(content.volume);
    }
    await this.#volumes.remove(pool, marker, options);
  }

  async #isWhole(pool: PoolRef, content: VolumeContent, options: CallOptions): Promise<boolean> {
    const volume = await this.#volumes.find(pool, content.volume, options);
    if (volume === undefined) return false;
    const { physicalBytes } = await this.#volumes.details(volume, options);
    return physicalBytes === content.sizeBytes;
  }

  async #createEmpty(pool: PoolRef, name: string, options: CallOptions): Promise<VolumeRef> {
    const volume = await this.#volumes.create(pool, emptyVolume(name), options);
    if (volume !== undefined) return volume;
    throw new StatusError("Conflict", `volume "${name}" is being made by somebody else`);
  }

  async #upload(volume: VolumeRef, content: VolumeContent, signal: AbortSignal): Promise<void> {
    const watchdog = new Watchdog(this.#links.clock);
    const limits = AbortSignal.any([signal, watchdog.signal, this.#links.ended]);
    try {
      await using client = await this.#links.openThird(limits);
      const args = { volume, offset: 0, length: content.sizeBytes, flags: 0 };
      const source = counted(content, () => watchdog.touch());
      await client.upload(volumeCalls.upload, args, source, { signal: limits });
    } catch (error) {
      if (!isLibvirtError(error, errorCode.noStorageVolume)) throw error;
      const message = `volume "${content.volume}" was removed while it was uploaded`;
      throw new StatusError("Conflict", message, { cause: error });
    } finally {
      watchdog.stop();
    }
  }

  /**
   * So that format and capacity are those of the content. libvirt does the same by itself a moment after an
   * upload, and refuses while a volume is being made: then it is of no matter.
   */
  async #refresh(pool: PoolRef, options: CallOptions): Promise<void> {
    try {
      await this.#links.call(poolCalls.refresh, { pool, flags: 0 }, options);
    } catch (error) {
      if (!(error instanceof LibvirtError)) throw error;
    }
  }
}

/** The content, as long as it said it is; `moved` is called for each piece. */
async function* counted(
  content: VolumeContent,
  moved: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let sentBytes = 0;
  for await (const chunk of content.open()) {
    moved();
    sentBytes += chunk.length;
    if (sentBytes > content.sizeBytes) throw wrongLength(content, `more than ${content.sizeBytes}`);
    yield chunk;
  }
  if (sentBytes < content.sizeBytes) throw wrongLength(content, `only ${sentBytes}`);
}

function wrongLength(content: VolumeContent, found: string): StatusError {
  return new StatusError(
    "Invalid",
    `content of volume "${content.volume}" has ${found} bytes, not ${content.sizeBytes}`,
  );
}

/** Raw, whatever the content: libvirt would else write a header of its own into it. */
function emptyVolume(name: string): XmlNode {
  return xml(
    "volume",
    {},
    textElement("name", name),
    xml("capacity", { unit: "bytes" }, "0"),
    xml("target", {}, xml("format", { type: "raw" })),
  );
}
