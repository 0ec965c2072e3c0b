import { createHash } from "node:crypto";
import type { HostConnection } from "../../drivers/driver.ts";
import { StatusError } from "../../runtime/errors.ts";

export interface VolumeCopy {
  readonly source: HostConnection;
  readonly target: HostConnection;
  readonly volume: string;
  readonly format: "raw" | "qcow2";
  /** Asked right before anything is changed on the target. */
  readonly mayAct: () => boolean;
}

/**
 * Carries a volume's bytes from one host to another, in pieces that pass through this process, and reads them
 * back. Whatever the target has under this name is no copy yet and is removed first. Returns only when the
 * target holds exactly what the source held.
 *
 * Does not guard against a writer on the source while it runs: nobody may have the volume attached.
 */
export async function copyVolume(
  { source, target, volume, format, mayAct }: VolumeCopy,
  signal: AbortSignal,
): Promise<void> {
  const { sizeBytes, open } = await source.readVolume(volume, signal);
  assertMayAct(mayAct);
  await target.deleteVolume(volume, signal);
  assertMayAct(mayAct);
  const sent = new Tally();
  await target.ensureContent({ volume, format, sizeBytes, open: () => sent.count(open(signal)) }, signal);
  const copy = await target.readVolume(volume, signal);
  const received = new Tally();
  for await (const _chunk of received.count(copy.open(signal)));
  if (sent.bytes === sizeBytes && received.bytes === sizeBytes && sent.digest === received.digest) return;
  throw new StatusError(
    "InternalError",
    `the copy of volume "${volume}" is not what was sent: ${received.bytes} bytes (${received.digest}) ` +
      `instead of ${sizeBytes} (${sent.digest}); the original stays where it is`,
  );
}

function assertMayAct(mayAct: () => boolean): void {
  if (!mayAct()) throw new StatusError("ServiceUnavailable", "nothing may be changed on hosts now");
}

/** How many bytes went by, and their digest. */
class Tally {
  bytes = 0;
  digest = "";

  async *count(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    const hash = createHash("sha256");
    this.bytes = 0;
    for await (const chunk of chunks) {
      hash.update(chunk);
      this.bytes += chunk.length;
      yield chunk;
    }
    this.digest = hash.digest("hex");
  }
}
