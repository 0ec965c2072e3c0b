import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants, createWriteStream } from "node:fs";
import { copyFile, mkdir, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { messageOf, StatusError } from "../runtime/errors.ts";
import { objectNameFor } from "../schema/object-name.ts";
import type { Address } from "../seed-files/address.ts";
import type { ImageEntry } from "../seed-files/image-file.ts";
import type { LocalImage } from "../seed-files/image-objects.ts";
import type { LineNote } from "../seed-files/problem.ts";

/** How images are brought to where the controller reads them. */
export interface ImageFetcher {
  /** Where they are copied to; absent: the controller reads them where they are. */
  readonly directory: string | undefined;
  /** A private key, beside those of the user. */
  readonly key: string | undefined;
  /** Files with the keys that machines are known by; the user's own when there is none. */
  readonly knownHosts: readonly string[];
  /** Who logs in where the file does not say. */
  readonly user: string | undefined;
  /** Copies nothing. */
  readonly onlyLook: boolean;
}

interface Facts {
  readonly size: number;
  /** Seconds since the epoch. */
  readonly modified: number;
}

/**
 * Finds the content of images, or brings it; what has been brought and has not changed since is not brought
 * again. Files of other machines come over SSH, from hosts whose keys are known.
 */
export async function bringImages(
  entries: readonly ImageEntry[],
  fetcher: ImageFetcher,
): Promise<{ readonly images: readonly LocalImage[]; readonly problems: readonly LineNote[] }> {
  const images: LocalImage[] = [];
  const problems: LineNote[] = [];
  for (const entry of entries) {
    try {
      images.push({ entry, file: await bring(entry, fetcher) });
    } catch (error) {
      problems.push({ line: entry.line, message: messageOf(error) });
    }
  }
  return { images, problems };
}

async function bring(entry: ImageEntry, fetcher: ImageFetcher): Promise<string> {
  const { path, address } = entry;
  const { directory } = fetcher;
  const source = address === undefined ? localFile(path) : remoteFile(path, address, fetcher);
  if (address !== undefined && directory === undefined) {
    throw new StatusError("Invalid", "an image of another machine needs --image-dir, where it is copied to");
  }
  const facts = await source.look();
  if (directory === undefined) return path;
  const target = join(directory, fileNameOf(entry));
  const there = await factsOf(target).catch(() => undefined);
  if (fetcher.onlyLook || (there?.size === facts.size && there.modified === facts.modified)) return target;
  await mkdir(directory, { recursive: true });
  const partial = `${target}.partial`;
  try {
    await source.copyTo(partial);
    await utimes(partial, facts.modified, facts.modified);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
  return target;
}

interface Source {
  look(): Promise<Facts>;
  copyTo(path: string): Promise<void>;
}

function localFile(path: string): Source {
  return {
    look: () => factsOf(path),
    // Shares the blocks where the file system can.
    copyTo: (target) => copyFile(path, target, constants.COPYFILE_FICLONE),
  };
}

/** By way of the `ssh` of the machine, without a terminal and without questions. */
function remoteFile(path: string, address: Address, fetcher: ImageFetcher): Source {
  const run = (command: string) => runSsh(sshArguments(address, fetcher, command), `${address.host}:${path}`);
  return {
    async look() {
      const ssh = run(`stat -L -c '%s %Y' -- ${quote(path)}`);
      const [output] = await Promise.all([text(ssh.stdout), ssh.ended]);
      const [size, modified] = output.trim().split(" ").map(Number);
      if (size !== undefined && modified !== undefined && Number.isSafeInteger(size))
        return { size, modified };
      throw new StatusError("Invalid", `${address.host} says nothing about ${path}`);
    },
    async copyTo(target) {
      const ssh = run(`cat -- ${quote(path)}`);
      await Promise.all([pipeline(ssh.stdout, createWriteStream(target, { mode: 0o600 })), ssh.ended]);
    },
  };
}

function runSsh(args: readonly string[], what: string) {
  const child = spawn("ssh", args, { stdio: ["ignore", "pipe", "pipe"] });
  const complaints = text(child.stderr);
  const ended = once(child, "close").then(
    async ([code]) => {
      if (code === 0) return;
      throw new StatusError(
        "HostUnreachable",
        `${what}: ${(await complaints).trim() || `ssh ended with ${code}`}`,
      );
    },
    (error: unknown) => {
      throw new StatusError("HostUnreachable", `${what}: ${messageOf(error)}`, { cause: error });
    },
  );
  return { stdout: child.stdout, ended };
}

function sshArguments(
  { user, host, port }: Address,
  fetcher: ImageFetcher,
  command: string,
): readonly string[] {
  const login = user ?? fetcher.user;
  return [
    "-o",
    "BatchMode=yes",
    "-o",
    "StrictHostKeyChecking=yes",
    ...(fetcher.knownHosts.length === 0 ? [] : ["-o", `UserKnownHostsFile=${listOf(fetcher.knownHosts)}`]),
    ...(fetcher.key === undefined ? [] : ["-i", fetcher.key]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...(login === undefined ? [] : ["-l", login]),
    "--",
    host,
    command,
  ];
}

/** As ssh reads a list of files. */
function listOf(paths: readonly string[]): string {
  return paths.map((path) => `"${path}"`).join(" ");
}

/** Understood by every login shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

async function factsOf(path: string): Promise<Facts> {
  const found = await stat(path);
  if (!found.isFile()) throw new StatusError("Invalid", `${path} is not a file`);
  return { size: found.size, modified: Math.floor(found.mtimeMs / 1000) };
}

/** Its own name and a mark of the place that it is from, so that no two have one file. */
function fileNameOf({ path, key }: ImageEntry): string {
  const extension = extname(path).replace(/[^A-Za-z0-9.]/g, "");
  return `${objectNameFor(`${basename(path)} ${key}`)}${extension}`;
}
