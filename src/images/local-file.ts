import { constants } from "node:fs";
import { type FileHandle, open, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { messageOf } from "../runtime/errors.ts";
import { errorCode } from "./error-code.ts";
import { ImageError } from "./image-store.ts";

/**
 * Opens a regular file that lies below one of these directories. Folders on the way may be links as long
 * as they stay inside; the file itself may not. The answer is about the opened file, not about its name: what
 * happens to names afterwards changes nothing. Throws `ImageError`.
 *
 * What it does not guarantee: a hard link made inside the directories is taken for the file it is.
 */
export async function openLocalFile(path: string, directories: readonly string[]): Promise<FileHandle> {
  const wanted = resolve(path);
  const roots = await realRoots(directories);
  // Before anything outside is touched, so that not even its existence shows.
  if (!isBelowAny(wanted, [...directories.map((directory) => resolve(directory)), ...roots])) {
    throw outside(path);
  }
  const handle = await openInside(wanted, roots).catch((error: unknown) => {
    throw translate(path, error);
  });
  try {
    if (!(await handle.stat()).isFile()) throw new ImageError("Forbidden", `${path} is not a regular file`);
    // A folder may have been exchanged between the look and the open; the kernel knows what was opened.
    if (!isBelowAny(await readlink(`/proc/self/fd/${handle.fd}`), roots)) throw outside(path);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openInside(path: string, roots: readonly string[]): Promise<FileHandle> {
  const real = join(await realpath(dirname(path)), basename(path));
  if (!isBelowAny(real, roots)) throw outside(path);
  return open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}

/** Where the directories really are; one that does not exist holds nothing. */
async function realRoots(directories: readonly string[]): Promise<string[]> {
  const roots = await Promise.allSettled(directories.map((directory) => realpath(directory)));
  return roots.flatMap((root) => (root.status === "fulfilled" ? [root.value] : []));
}

function isBelowAny(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => path.startsWith(directory === "/" ? "/" : `${directory}/`));
}

function outside(path: string): ImageError {
  return new ImageError("Forbidden", `${path} is not below an image directory`);
}

function translate(path: string, error: unknown): unknown {
  if (error instanceof ImageError) return error;
  switch (errorCode(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return new ImageError("NotFound", `${path} does not exist`, error);
    case "ELOOP":
      return new ImageError("Forbidden", `${path} is a symbolic link`, error);
    case "ENXIO":
      return new ImageError("Forbidden", `${path} is not a regular file`, error);
    default:
      return new ImageError("Unreadable", `cannot open ${path}: ${messageOf(error)}`, error);
  }
}
