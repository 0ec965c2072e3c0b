import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { messageOf } from "../runtime/errors.ts";
import { detectFormat, type FormatVerdict, headBytes } from "./format.ts";
import { ImageError } from "./image-store.ts";
import { maxVirtualSizeBytes } from "./qcow2.ts";

/** What reading a file once tells. */
export interface FileFacts {
  readonly digest: string;
  readonly sizeBytes: number;
  readonly verdict: FormatVerdict;
}

const chunkBytes = 256 * 1024;

/** Which state of which file this is: equal while nobody writes, as far as the kernel's clock can tell. */
export function identityOf(stats: BigIntStats): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(":");
}

/**
 * Reads the whole file once, as long as it is at the beginning: one that grows all the time is not chased.
 * Other work goes on between the chunks. Throws `ImageError`, or the signal's reason.
 */
export async function inspectFile(handle: FileHandle, path: string, signal: AbortSignal): Promise<FileFacts> {
  const before = await handle.stat({ bigint: true });
  const sizeBytes = Number(before.size);
  if (sizeBytes > maxVirtualSizeBytes) {
    throw new ImageError("Refused", `${path} is ${sizeBytes} bytes long; at most ${maxVirtualSizeBytes}`);
  }
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(chunkBytes);
  let head = new Uint8Array();
  for (let position = 0; position < sizeBytes; ) {
    signal.throwIfAborted();
    const length = await fill(handle, buffer, position, path);
    if (length === 0) throw changed(path);
    if (position === 0) head = Uint8Array.from(buffer.subarray(0, Math.min(length, headBytes)));
    hash.update(buffer.subarray(0, length));
    position += length;
  }
  const after = await handle.stat({ bigint: true });
  if (identityOf(before) !== identityOf(after)) throw changed(path);
  return { digest: `sha256:${hash.digest("hex")}`, sizeBytes, verdict: detectFormat(head, sizeBytes) };
}

/**
 * Reads what `inspectFile` saw. The last chunk is given only when the whole has the digest; throws
 * `ImageError` if the file is no longer that.
 */
export async function* readVerified(
  handle: FileHandle,
  path: string,
  expected: Pick<FileFacts, "digest" | "sizeBytes">,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash("sha256");
  for (let position = 0; position < expected.sizeBytes; ) {
    const buffer = Buffer.allocUnsafeSlow(Math.min(chunkBytes, expected.sizeBytes - position));
    if ((await fill(handle, buffer, position, path)) < buffer.length) throw changed(path);
    hash.update(buffer);
    position += buffer.length;
    const isLast = position === expected.sizeBytes;
    if (isLast && `sha256:${hash.digest("hex")}` !== expected.digest) throw changed(path);
    yield buffer;
  }
}

/** Reads until the buffer is full or the file ends; the number of bytes read. */
async function fill(handle: FileHandle, buffer: Buffer, position: number, path: string): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle
      .read(buffer, filled, buffer.length - filled, position + filled)
      .catch((error: unknown) => {
        throw new ImageError("Unreadable", `cannot read ${path}: ${messageOf(error)}`, error);
      });
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

function changed(path: string): ImageError {
  return new ImageError("Unreadable", `${path} changed while it was read`);
}
