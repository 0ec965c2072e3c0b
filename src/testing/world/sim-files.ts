import { posix } from "node:path";
import type { FileContent } from "../../source/file-content.ts";
import type { FileFacts, FolderEntry, FolderFiles, FolderWatch } from "../../source/folder-files.ts";
import type { FolderHintsOptions } from "../../source/folder-hints.ts";

type Node =
  | { readonly type: "file"; readonly content: string; readonly inode: number; readonly writtenMs: number }
  | { readonly type: "link"; readonly target: string; readonly inode: number; readonly writtenMs: number };

/** The machine that a file outside of the folder names, to which links lead. */
export const secretName = "secret";

const encoder = new TextEncoder();

/**
 * A folder on a file system in memory, with what happens to real ones: half files, links, a mount that
 * vanishes. Folders below it exist as long as something is in them.
 */
export class SimFiles implements FolderFiles {
  /** The path under which the folder is mounted. */
  readonly root: string;
  readonly #now: () => number;
  readonly #nodes = new Map<string, Node>();
  readonly #watches = new Set<() => void>();
  #inode = 100;
  #state: "mounted" | "unmounted" | "gone" = "mounted";

  constructor(root: string, now: () => number) {
    this.root = root;
    this.#now = now;
  }

  /** Paths of files, relative to the folder. */
  get paths(): readonly string[] {
    return [...this.#nodes.keys()].sort();
  }

  get isMounted(): boolean {
    return this.#state === "mounted";
  }

  text(path: string): string | undefined {
    const node = this.#nodes.get(path);
    return node?.type === "file" ? node.content : undefined;
  }

  write(path: string, content: string): void {
    this.#put(path, { type: "file", content, inode: this.#nextInode(), writtenMs: this.#now() });
  }

  link(path: string, target: string): void {
    this.#put(path, { type: "link", target, inode: this.#nextInode(), writtenMs: this.#now() });
  }

  remove(path: string): void {
    this.#nodes.delete(path);
    this.#changed();
  }

  rename(from: string, to: string): void {
    const node = this.#nodes.get(from);
    if (node === undefined) return;
    this.#nodes.delete(from);
    this.#put(to, node);
  }

  /** The mount goes: what is seen is the empty folder below it, on another file system, or nothing at all. */
  unmount(how: "unmounted" | "gone"): void {
    this.#state = how;
    this.#changed();
  }

  mount(): void {
    this.#state = "mounted";
    this.#changed();
  }

  async realPath(path: string): Promise<string> {
    if (this.#state === "gone") throw failure("ENOENT", path);
    return path;
  }

  async facts(path: string): Promise<FileFacts> {
    const inner = this.#inner(path);
    if (this.#isFolder(inner)) return this.#folderFacts(inner);
    const node = this.#visible().get(inner);
    if (node === undefined) throw failure("ENOENT", path);
    const size = node.type === "file" ? node.content.length : node.target.length;
    return {
      device: this.#device,
      inode: String(node.inode),
      identity: `${this.#device} ${node.inode} ${size} ${node.writtenMs}`,
      modifiedMs: node.writtenMs,
      isFolder: false,
    };
  }

  async followed(path: string): Promise<FileFacts> {
    const node = this.#visible().get(this.#inner(path));
    if (node?.type !== "link") return this.facts(path);
    return this.facts(posix.join(posix.dirname(path), node.target));
  }

  async entries(path: string): Promise<readonly FolderEntry[]> {
    const folder = this.#inner(path);
    if (!this.#isFolder(folder)) throw failure("ENOENT", path);
    const prefix = folder === "" ? "" : `${folder}/`;
    const found = new Map<string, FolderEntry["type"]>();
    for (const [name, node] of this.#visible()) {
      if (!name.startsWith(prefix)) continue;
      const [first = "", ...rest] = name.slice(prefix.length).split("/");
      found.set(first, rest.length > 0 ? "folder" : node.type === "link" ? "link" : "other");
    }
    return [...found].map(([name, type]) => ({ name, type }));
  }

  async read(_root: string, path: string, maxBytes: number): Promise<FileContent> {
    const node = this.#visible().get(this.#inner(path));
    if (node === undefined) return { type: "absent" };
    if (node.type === "link")
      return { type: "refused", message: "is a symbolic link; only regular files are read" };
    const content = encoder.encode(node.content);
    if (content.length > maxBytes) return { type: "refused", message: `is larger than ${maxBytes} bytes` };
    const { identity } = await this.facts(path);
    return { type: "read", content, identity };
  }

  hints({ clock, delayMs, onHint }: FolderHintsOptions): FolderWatch {
    const notice = (): void => void clock.after(delayMs, onHint);
    this.#watches.add(notice);
    return { watch: () => {}, [Symbol.dispose]: () => void this.#watches.delete(notice) };
  }

  get #device(): string {
    return this.#state === "mounted" ? "7" : "1";
  }

  #visible(): ReadonlyMap<string, Node> {
    return this.#state === "mounted" ? this.#nodes : new Map();
  }

  #folderFacts(inner: string): FileFacts {
    const inode = inner === "" ? 2 : 1_000 + inner.length;
    const identity = `${this.#device} ${inner}`;
    return { device: this.#device, inode: String(inode), identity, modifiedMs: 0, isFolder: true };
  }

  #isFolder(inner: string): boolean {
    if (this.#state === "gone") return false;
    if (inner === "") return true;
    return this.#visible()
      .keys()
      .some((name) => name.startsWith(`${inner}/`));
  }

  #inner(path: string): string {
    return posix.relative(this.root, path);
  }

  #nextInode(): number {
    this.#inode += 1;
    return this.#inode;
  }

  #put(path: string, node: Node): void {
    this.#nodes.set(path, node);
    this.#changed();
  }

  #changed(): void {
    for (const notice of [...this.#watches]) notice();
  }
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: no such file or directory, '${path}'`), { code });
}
