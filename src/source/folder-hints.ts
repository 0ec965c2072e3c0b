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
 * none below, because the watcher underneath would follow a folder that is replaced by a symbolic link.
 */
export class FolderHints implements Disposable {
  readonly #options: FolderHintsOptions;
  readonly #watcher: FSWatcher;
  /** The identity of the folder that is watched at each path. */
  #watched: ReadonlyMap<string, string> = new Map();
  #timer: Timer | undefined;

  constructor(options: FolderHintsOptions) {
    this.#options = options;
    const settings = { ignoreInitial: true, followSymlinks: false, depth: 0, persistent: false };
    this.#watcher = watch([], settings);
    this.#watcher.on("all", () => this.#hintSoon());
    this.#watcher.on("error", () => this.#hintSoon());
  }

  /** Watches these folders from now on: paths with what identifies the folder there, which may change. */
  watch(folders: ReadonlyMap<string, string>): void {
    const stale = [...this.#watched].filter(([path, identity]) => folders.get(path) !== identity);
    const fresh = [...folders].filter(([path, identity]) => this.#watched.get(path) !== identity);
    if (stale.length > 0) this.#watcher.unwatch(stale.map(([path]) => path));
    if (fresh.length > 0) this.#watcher.add(fresh.map(([path]) => path));
    this.#watched = folders;
  }

  /**
   * Ends the watching at once. That is all that is waited for: what the watcher's own `close` waits for never
   * ends once a folder has become a link to a file.
   */
  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#watcher.close().catch(() => undefined);
  }

  #hintSoon(): void {
    this.#timer ??= this.#options.clock.after(this.#options.delayMs, () => {
      this.#timer = undefined;
      this.#options.onHint();
    });
  }
}
