import { type FSWatcher, watch } from "chokidar";
import type { Clock, Timer } from "../runtime/clock.ts";

export interface FolderHintsOptions {
  readonly clock: Clock;
  /** How long after the first change the hint comes, so that many changes are one. */
  readonly delayMs: number;
  readonly onHint: () => void;
}

/**
 * Says that something may have changed in one of some folders. Hints may lie and repeat, and may be missed:
 * whoever depends on them must look by himself now and then. Watches the very folders that it is given and
 * none below, because the watcher underneath would follow a folder that is replaced by a symbolic link. Each
 * has a watcher of its own: one that has stopped watching a folder would never tell that it is there again.
 */
export class FolderHints implements Disposable {
  readonly #options: FolderHintsOptions;
  /** By path; each with what identified the folder there. */
  readonly #watched = new Map<string, { readonly identity: string; readonly watcher: FSWatcher }>();
  #timer: Timer | undefined;

  constructor(options: FolderHintsOptions) {
    this.#options = options;
  }

  /** Watches these folders from now on: paths with what identifies the folder there, which may change. */
  watch(folders: ReadonlyMap<string, string>): void {
    for (const [path, { identity, watcher }] of this.#watched) {
      if (folders.get(path) === identity) continue;
      this.#watched.delete(path);
      end(watcher);
    }
    for (const [path, identity] of folders) {
      if (!this.#watched.has(path)) this.#watched.set(path, { identity, watcher: this.#begin(path) });
    }
  }

  /** Ends the watching at once. */
  [Symbol.dispose](): void {
    this.#timer?.cancel();
    for (const { watcher } of this.#watched.values()) end(watcher);
    this.#watched.clear();
  }

  #begin(path: string): FSWatcher {
    const settings = { ignoreInitial: true, followSymlinks: false, depth: 0, persistent: false };
    const watcher = watch(path, settings);
    watcher.on("all", () => this.#hintSoon());
    watcher.on("error", () => this.#hintSoon());
    return watcher;
  }

  #hintSoon(): void {
    this.#timer ??= this.#options.clock.after(this.#options.delayMs, () => {
      this.#timer = undefined;
      this.#options.onHint();
    });
  }
}

/** What its `close` waits for never ends once a folder has become a link to a file. */
function end(watcher: FSWatcher): void {
  watcher.close().catch(() => undefined);
}
