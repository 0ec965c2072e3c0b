import { StatusError } from "../../runtime/errors.ts";
import type { VolumeReading } from "../driver.ts";
import { checkVolumeName } from "../volume-name.ts";
import type { HostLinks } from "./host-links.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import { volumeCalls } from "./rpc/procedures-storage.ts";
import type { VolumeRef } from "./rpc/types.ts";
import type { Volumes } from "./volumes.ts";
import { Watchdog } from "./watchdog.ts";

/** Opens a volume for reading over connections of its own, one for each pass over its bytes. */
export async function readVolume(
  links: HostLinks,
  volumes: Volumes,
  name: string,
  options: CallOptions,
): Promise<VolumeReading> {
  checkVolumeName(name);
  const pool = await volumes.ensurePool(options);
  const volume = await volumes.find(pool, name, options);
  if (volume === undefined) throw new StatusError("NotFound", `volume "${name}" is not in the pool`);
  const { physicalBytes } = await volumes.details(volume, options);
  return { sizeBytes: physicalBytes, open: (signal) => download(links, volume, physicalBytes, signal) };
}

async function* download(
  links: HostLinks,
  volume: VolumeRef,
  length: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const watchdog = new Watchdog(links.clock);
  const limits = AbortSignal.any([signal, watchdog.signal, links.ended]);
  try {
    await using client = await links.openThird(limits);
    const args = { volume, offset: 0, length, flags: 0 };
    for await (const chunk of client.download(volumeCalls.download, args, { signal: limits })) {
      watchdog.touch();
      yield chunk;
      watchdog.touch();
    }
  } finally {
    watchdog.stop();
  }
}
