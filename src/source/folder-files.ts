import type { BigIntStats, Dirent } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { type FileContent, identityOf, readFileBelow } from "./file-content.ts";
import { FolderHints, type FolderHintsOptions } from "./folder-hints.ts";

/** What a file or a folder is, whatever it holds. */
export interface FileFacts {
  readonly device: string;
  /** Together with the device the file itself, whatever it is called. */
  readonly inode: string;
  /** Tells two versions of a file apart without reading it. */
  readonly identity: string;
  readonly modifiedMs: number;
  readonly isFolder: boolean;
}

export interface FolderEntry {
  readonly name: string;
  readonly type: "folder" | "link" | "other";
}

/** Says when one of some folders may have changed. */
export interface FolderWatch extends Disposable {
  /** Watches these folders from now on: paths with what identifies the folder there. */
  watch(folders: ReadonlyMap<string, string>): void;
}

/**
 * The file system, as far as manifests need it: the port through which all of it is read. What cannot be done
 * is thrown as the system's error, with its `code`.
 */
export interface FolderFiles {
  /** The absolute path without symbolic links. */
  realPath(path: string): Promise<string>;
  /** Of the thing itself; of a link that of the link. */
  facts(path: string): Promise<FileFacts>;
  /** Of what a link leads to. */
  followed(path: string): Promise<FileFacts>;
  entries(path: string): Promise<readonly FolderEntry[]>;
  /** See `readFileBelow`. */
  read(root: string, path: string, maxBytes: number): Promise<FileContent>;
  hints(options: FolderHintsOptions): FolderWatch;
}

/** The machine's own file system. */
export const systemFiles: FolderFiles = {
  realPath: (path) => realpath(path),
  facts: async (path) => factsOf(await lstat(path, { bigint: true })),
  followed: async (path) => factsOf(await stat(path, { bigint: true })),
  entries: async (path) => (await readdir(path, { withFileTypes: true })).map(entryOf),
  read: readFileBelow,
  hints: (options) => new FolderHints(options),
};

function factsOf(stats: BigIntStats): FileFacts {
  return {
    device: String(stats.dev),
    inode: String(stats.ino),
    identity: identityOf(stats),
    modifiedMs: Number(stats.mtimeMs),
    isFolder: stats.isDirectory(),
  };
}

function entryOf(entry: Dirent): FolderEntry {
  const type = entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "link" : "other";
  return { name: entry.name, type };
}
