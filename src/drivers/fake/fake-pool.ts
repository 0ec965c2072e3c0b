import { StatusError } from "../../runtime/errors.ts";
import type { ObservedVolume, VolumeContent, VolumeSpec } from "../driver.ts";
import { checkVolumeName } from "../volume-name.ts";

interface FakeVolume {
  readonly format: "raw" | "qcow2";
  readonly capacityBytes: number;
  readonly backing?: string;
  /** The beginning of what was uploaded, or what a guest has written. */
  readonly content: readonly Uint8Array[];
  /** False while content is missing. */
  readonly whole: boolean;
}

const maxKeptBytes = 2 ** 24;
const zeros = new Uint8Array(2 ** 20);

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

  /** The volumes that are overlays of this one. */
  overlaysOf(name: string): readonly string[] {
    return [...this.#volumes].filter(([, { backing }]) => backing === name).map(([overlay]) => overlay);
  }

  /** The uploaded bytes of a volume, whole or not; no more than the first 16 MiB and a chunk are kept. */
  read(name: string): Uint8Array {
    return Buffer.concat(this.#volumes.get(name)?.content ?? []);
  }

  /** A guest writes at the end of what it has written so far. */
  write(name: string, bytes: Uint8Array): void {
    const volume = this.#need(name);
    this.#volumes.set(name, { ...volume, content: [...volume.content, bytes] });
  }

  /** The file itself: of a qcow2 disk a header that tells its capacity, and what was written. */
  file(name: string): readonly Uint8Array[] {
    const { format, capacityBytes, content } = this.#need(name);
    if (format === "qcow2") return content;
    const chunks = [...content];
    for (let left = capacityBytes - lengthOf(content); left > 0; left -= zeros.length) {
      chunks.push(zeros.subarray(0, Math.min(left, zeros.length)));
    }
    return chunks;
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
    const capacityBytes = capacityIn(chunks[0]) ?? sizeBytes;
    this.#volumes.set(name, { ...partial, capacityBytes, whole: true });
  }

  ensure({ volume: name, capacityBytes, backing, format = "qcow2" }: VolumeSpec): void {
    checkVolumeName(name);
    const found = this.#volumes.get(name);
    if (found !== undefined) {
      this.#volumes.set(name, grown(found, capacityBytes));
      return;
    }
    const base = backing === undefined ? {} : { backing: backing.volume };
    if (backing !== undefined && !this.has(backing.volume)) {
      throw new StatusError("NotFound", `volume "${backing.volume}", the backing of "${name}", is not there`);
    }
    const content = format === "qcow2" ? [header(capacityBytes)] : [];
    this.#volumes.set(name, { format, capacityBytes, content, whole: true, ...base });
  }

  delete(name: string): void {
    this.#volumes.delete(name);
  }

  #need(name: string): FakeVolume {
    const volume = this.#volumes.get(name);
    if (volume?.whole) return volume;
    throw new StatusError("NotFound", `there is no whole volume "${name}"`);
  }
}

function grown(volume: FakeVolume, capacityBytes: number): FakeVolume {
  if (capacityBytes <= volume.capacityBytes) return volume;
  const { content } = volume;
  const told = capacityIn(content[0]) === undefined ? content : content.with(0, header(capacityBytes));
  return { ...volume, capacityBytes, content: told };
}

const magic = "FAKE-QCOW2 ";

function header(capacityBytes: number): Uint8Array {
  return new TextEncoder().encode(`${magic}${capacityBytes}\n`);
}

function capacityIn(chunk: Uint8Array | undefined): number | undefined {
  const text = chunk === undefined ? "" : new TextDecoder().decode(chunk.subarray(0, 64));
  return text.startsWith(magic) ? Number.parseInt(text.slice(magic.length), 10) : undefined;
}

/** The bytes in chunks. */
export function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}
