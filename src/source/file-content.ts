import type { BigIntStats } from "node:fs";
import { constants } from "node:fs";
import { type FileHandle, open, readlink } from "node:fs/promises";

/** What became of reading a file. */
export type FileContent =
  | { readonly type: "read"; readonly content: Uint8Array; readonly identity: string }
  /** It changed while it was read. */
  | { readonly type: "unsettled" }
  | { readonly type: "absent" }
  | { readonly type: "refused"; readonly message: string };

/** O_NONBLOCK: opening a pipe must not wait for a writer. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** What tells two versions of a file apart without reading it. */
export function identityOf(stats: BigIntStats): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(" ");
}

/**
 * Reads a regular file below `root` (an absolute path without symbolic links), whole and unchanged, or says
 * why not. No symbolic link is followed, on the last step or on the way.
 */
export async function readFileBelow(root: string, path: string, maxBytes: number): Promise<FileContent> {
  try {
    await using file = await open(path, flags);
    return await readOpened(file, root, maxBytes);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return { type: "absent" };
    if (code === "ELOOP")
      return { type: "refused", message: "is a symbolic link; only regular files are read" };
    if (code === undefined) throw error;
    return { type: "refused", message: `cannot be read: ${code}` };
  }
}

/** The word by which the system names an error: `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

async function readOpened(file: FileHandle, root: string, maxBytes: number): Promise<FileContent> {
  const before = await file.stat({ bigint: true });
  if (!before.isFile()) return { type: "refused", message: "is not a regular file" };
  const place = await readlink(`/proc/self/fd/${file.fd}`);
  if (!place.startsWith(`${root}/`)) return { type: "refused", message: "is outside the folder" };
  if (before.size > maxBytes) return { type: "refused", message: `is larger than ${maxBytes} bytes` };
  const content = await readAtMost(file, maxBytes + 1);
  const identity = identityOf(before);
  const after = await file.stat({ bigint: true });
  const whole = identityOf(after) === identity && BigInt(content.length) === before.size;
  return whole ? { type: "read", content, identity } : { type: "unsettled" };
}

async function readAtMost(file: FileHandle, maxBytes: number): Promise<Uint8Array> {
  const { size } = await file.stat();
  const buffer = new Uint8Array(Math.min(size + 1, maxBytes));
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
