import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** The ending of a file that is not whole yet. */
export const partialSuffix = ".part";

/**
 * Writes the content to `path` if it has this digest: durable and whole, or not there at all. Returns the
 * digest the content has; the file exists afterwards only if that is the wanted one. Throws what `content`
 * throws, and system errors.
 */
export async function download(
  content: AsyncIterable<Uint8Array>,
  path: string,
  wantedDigest: string,
): Promise<string> {
  const partial = `${path}${partialSuffix}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const digest = await writeDurably(content, partial);
    if (digest !== wantedDigest) return digest;
    await rename(partial, path);
    await syncDirectory(dirname(path));
    return digest;
  } finally {
    await rm(partial, { force: true });
  }
}

async function writeDurably(content: AsyncIterable<Uint8Array>, path: string): Promise<string> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
  await using handle = await open(path, flags, 0o600);
  const hash = createHash("sha256");
  for await (const chunk of content) {
    hash.update(chunk);
    await writeWhole(handle, chunk);
  }
  await handle.sync();
  return `sha256:${hash.digest("hex")}`;
}

async function writeWhole(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await handle.write(chunk, written)).bytesWritten;
  }
}

async function syncDirectory(path: string): Promise<void> {
  await using handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  await handle.sync();
}
