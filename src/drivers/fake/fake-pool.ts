import { StatusError } from "../../runtime/errors.ts";
import type { ObservedVolume, VolumeContent, VolumeSpec } from "../driver.ts";
import { checkVolumeName } from "../volume-name.ts";

interface FakeVolume {
  readonly format: "raw" | "qcow2";
  readonly capacityBytes: number;
  readonly backing?: string;
  /** The beginning of what was uploaded. */
  readonly content: readonly Uint8Array[];
  /** False while content is missing. */
  readonly whole: boolean;
}

const maxKeptBytes = 2 ** 24;

/** One cluster's pool on one host. */
export class FakePool {
  readonly #volumes = new Map<string, FakeVolume>();

  /** Whole volumes by name. */
  list(): readonly ObservedVolume[] {
    return [...this.#volumes]
      .filter(([, volume]) => volume.whole)
      .map(([name, { capacityBytes }]) => ({ name, capacityBytes }));
  }

  has(name: string): boolean {
    return this.#volumes.get(name)?.whole ?? false;
  }

  /** The uploaded bytes of a volume, whole or not; no more than the first 16 MiB and a chunk are kept. */
  read(name: string): Uint8Array {
    return Buffer.concat(this.#volumes.get(name)?.content ?? []);
  }

  async upload(content: VolumeContent, signal: AbortSignal): Promise<void> {
    const { volume: name, format, sizeBytes } = content;
    checkVolumeName(name);
    if (this.has(name)) return;
    const chunks: Uint8Array[] = [];
    const partial = { format, capacityBytes: sizeBytes, content: chunks, whole: false };
    this.#volumes.set(name, partial);
    let received = 0;
    for await (const chunk of content.open()) {
      signal.throwIfAborted();
      if (received < maxKeptBytes) chunks.push(chunk);
      received += chunk.length;
    }
    if (received !== sizeBytes) {
      throw new StatusError("Invalid", `content of "${name}" has ${received} bytes, not ${sizeBytes}`);
    }
    this.#volumes.set(name, { ...partial, whole: true });
  }

  ensure({ volume: name, capacityBytes, backing }: VolumeSpec): void {
    checkVolumeName(name);
    const found = this.#volumes.get(name);
    if (found !== undefined) {
      this.#volumes.set(name, { ...found, capacityBytes: Math.max(found.capacityBytes, capacityBytes) });
      return;
    }
    const base = backing === undefined ? {} : { backing: backing.volume };
    if (backing !== undefined && !this.has(backing.volume)) {
      throw new StatusError("NotFound", `volume "${backing.volume}", the backing of "${name}", is not there`);
    }
    this.#volumes.set(name, { format: "qcow2", capacityBytes, content: [], whole: true, ...base });
  }

  delete(name: string): void {
    this.#volumes.delete(name);
  }
}
