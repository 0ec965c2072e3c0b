import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Clock } from "../runtime/clock.ts";
import { messageOf } from "../runtime/errors.ts";
import { codeOf, type FileContent } from "./file-content.ts";
import { type FolderEntry, type FolderFiles, type FolderWatch, systemFiles } from "./folder-files.ts";

/** One manifest file, at one look. `path` is relative to the folder, with slashes. */
export type FolderFile<T> =
  /** `value` is the very same as before while the content is the same. */
  | { readonly type: "read"; readonly path: string; readonly value: T }
  /** Being written just now; look again in a moment. */
  | { readonly type: "unsettled"; readonly path: string }
  | { readonly type: "refused"; readonly path: string; readonly message: string };

/** What a look at a folder sees. A folder that cannot be read whole is never an empty one. */
export type FolderLook<T> =
  | { readonly type: "unreadable"; readonly message: string }
  | {
      readonly type: "read";
      /** The file system that the folder is on. */
      readonly device: string;
      readonly files: readonly FolderFile<T>[];
    };

export interface DirectoryOptions<T> {
  readonly path: string;
  readonly clock: Clock;
  readonly maxFileBytes: number;
  /** Called for content that is new. */
  readonly parse: (content: Uint8Array, path: string) => T | Promise<T>;
  /** Something may have changed. Hints may lie, repeat and be missed. */
  readonly onHint: () => void;
  /** The machine's own when absent. */
  readonly files?: FolderFiles | undefined;
}

interface Known<T> {
  readonly identity: string;
  readonly digest: string;
  readonly value: T;
}

interface Walk {
  readonly root: string;
  readonly signal: AbortSignal;
  readonly paths: string[];
  /** The folders that were walked, with their identities. */
  readonly folders: Map<string, string>;
  readonly refused: { readonly type: "refused"; readonly path: string; readonly message: string }[];
  entries: number;
}

const maxFiles = 10_000;
const maxEntries = 100_000;
const maxDepth = 32;
/** A file modified less than this ago may be only half there. */
const settleMs = 200;
/** Long enough for the changes of one command to be one hint; what has not settled is looked at again. */
const hintDelayMs = 2;
/** How many looks trust size, times and inode before every file is read again. */
const looksPerReading = 30;
/** Not more than a few of the threads that the store needs, too, should the file system hang. */
const batchSize = 8;
const manifestName = /\.(ya?ml|json)$/i;

/**
 * The manifest files of a folder and of the folders in it: regular files named `*.yaml`, `*.yml` or `*.json`,
 * but for hidden ones and editors' own (`.x`, `#x`, `~x`). Each look is at the whole folder; the file watcher
 * only says when a look may be worth while.
 */
export class Directory<T> implements Disposable {
  readonly #options: DirectoryOptions<T>;
  readonly #files: FolderFiles;
  readonly #hints: FolderWatch;
  #known = new Map<string, Known<T>>();
  #looks = 0;

  constructor(options: DirectoryOptions<T>) {
    const { clock, onHint, files = systemFiles } = options;
    this.#options = options;
    this.#files = files;
    this.#hints = files.hints({ clock, onHint, delayMs: hintDelayMs });
  }

  async look(signal: AbortSignal): Promise<FolderLook<T>> {
    try {
      const root = await this.#files.realPath(this.#options.path);
      const { device } = await this.#files.followed(root);
      const walk: Walk = { root, signal, paths: [], folders: new Map(), refused: [], entries: 0 };
      await this.#walk(walk, "", 0);
      this.#hints.watch(walk.folders);
      const files = await this.#readAll(walk);
      return { type: "read", device, files: [...files, ...walk.refused].sort(byPath) };
    } catch (error) {
      signal.throwIfAborted();
      return { type: "unreadable", message: `${this.#options.path}: ${messageOf(error)}` };
    }
  }

  [Symbol.dispose](): void {
    this.#hints[Symbol.dispose]();
  }

  async #walk(walk: Walk, folder: string, depth: number): Promise<void> {
    walk.signal.throwIfAborted();
    if (depth > maxDepth) throw new Error(`folders nested deeper than ${maxDepth}: ${folder}`);
    const path = join(walk.root, folder);
    const { device, inode } = await this.#files.facts(path);
    walk.folders.set(path, `${device} ${inode}`);
    for (const entry of await this.#files.entries(path)) {
      walk.entries += 1;
      if (walk.entries > maxEntries) throw new Error(`more than ${maxEntries} entries`);
      if (!isHidden(entry.name)) await this.#visit(walk, `${folder}${entry.name}`, entry, depth);
    }
    if (walk.paths.length > maxFiles) throw new Error(`more than ${maxFiles} manifest files`);
  }

  async #visit(walk: Walk, path: string, entry: FolderEntry, depth: number): Promise<void> {
    if (entry.type === "folder") {
      try {
        await this.#walk(walk, `${path}/`, depth + 1);
      } catch (error) {
        const code = codeOf(error);
        if (code === undefined) throw error;
        if (isMissing(error)) return;
        walk.refused.push({ type: "refused", path: `${path}/`, message: `cannot be read: ${code}` });
      }
    } else if (entry.type === "link") {
      if (manifestName.test(path) || (await this.#isFolder(join(walk.root, path)))) {
        walk.refused.push({ type: "refused", path, message: "is a symbolic link; links are not followed" });
      }
    } else if (manifestName.test(path)) {
      walk.paths.push(path);
    }
  }

  async #isFolder(path: string): Promise<boolean> {
    try {
      return (await this.#files.followed(path)).isFolder;
    } catch {
      return false;
    }
  }

  async #readAll(walk: Walk): Promise<readonly FolderFile<T>[]> {
    const trustTimes = this.#looks % looksPerReading !== 0;
    this.#looks += 1;
    const known = new Map<string, Known<T>>();
    const files: FolderFile<T>[] = [];
    for (let start = 0; start < walk.paths.length; start += batchSize) {
      walk.signal.throwIfAborted();
      const paths = walk.paths.slice(start, start + batchSize);
      const contents = await Promise.all(paths.map((path) => this.#read(walk.root, path, trustTimes)));
      for (const [index, path] of paths.entries()) {
        const file = await this.#take(path, contents[index] ?? { type: "absent" }, known);
        if (file !== undefined) files.push(file);
      }
      await this.#options.clock.yield();
    }
    this.#known = known;
    return files;
  }

  /** "same": as it was when it was last read. */
  async #read(
    root: string,
    path: string,
    trustTimes: boolean,
  ): Promise<FileContent | { readonly type: "same" }> {
    const place = join(root, path);
    try {
      const { modifiedMs, identity } = await this.#files.facts(place);
      const age = this.#options.clock.now() - modifiedMs;
      if (Math.abs(age) < settleMs) return { type: "unsettled" };
      if (trustTimes && this.#known.get(path)?.identity === identity) return { type: "same" };
    } catch (error) {
      if (isMissing(error)) return { type: "absent" };
    }
    return this.#files.read(root, place, this.#options.maxFileBytes);
  }

  async #take(
    path: string,
    found: FileContent | { readonly type: "same" },
    known: Map<string, Known<T>>,
  ): Promise<FolderFile<T> | undefined> {
    const before = this.#known.get(path);
    if (before !== undefined && (found.type === "same" || found.type === "unsettled"))
      known.set(path, before);
    switch (found.type) {
      case "absent":
        return undefined;
      case "same":
        return before === undefined ? undefined : { type: "read", path, value: before.value };
      case "unsettled":
      case "refused":
        return { ...found, path };
      case "read": {
        const digest = createHash("sha256").update(found.content).digest("hex");
        const { parse } = this.#options;
        const isNew = before?.digest !== digest;
        const value = isNew ? await parse(found.content, path) : before.value;
        if (isNew) await this.#options.clock.yield();
        known.set(path, { identity: found.identity, digest, value });
        return { type: "read", path, value };
      }
    }
  }
}

/** Hidden, or an editor's own. */
function isHidden(name: string): boolean {
  return /^[.#~]/.test(name);
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : 1;
}
