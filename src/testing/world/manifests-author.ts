import type { World } from "./world.ts";

/** The manifest of a machine; `extra` is further lines of its spec. */
export function machineManifest(name: string, cpus: number, extra = ""): string {
  return `apiVersion: ostler.dev/v1
kind: VirtualMachine
metadata:
  name: ${name}
spec:
  cpus: ${cpus}
  memory: 256Mi
${extra}`;
}

/** How long a deletion may follow on what was meant a moment ago. */
const graceMs = 30_000;
/** How long a controller needs to see an accident for sure. */
const watchedMs = 30_000;

/**
 * Who writes the manifests: what is meant to be there, apart from what accidents make of it. An object that
 * is meant must never be deleted because of a file.
 */
export class ManifestsAuthor {
  readonly #world: World;
  /** By path: the machine that the file is meant to name. */
  readonly #meant = new Map<string, string>();
  /** Names that were not meant until then. */
  readonly #meantSinceMs = new Map<string, number>();
  /** What went by an accident that no controller has watched. */
  readonly #unseen = new Set<string>();
  /** Files that accidents have touched. */
  readonly #spoilt = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  get paths(): readonly string[] {
    return [...this.#meant.keys()];
  }

  /** Whether files have meant the machine to be there for a while. */
  means(name: string): boolean {
    const since = this.#meantSinceMs.get(name);
    return since !== undefined && this.#world.time.elapsedMs - since > graceMs && !this.#unseen.has(name);
  }

  get meant(): ReadonlySet<string> {
    return new Set(this.#meant.values());
  }

  write(path: string, name: string, cpus: number, extra = ""): void {
    this.#meant.set(path, name);
    if (!this.#meantSinceMs.has(name)) this.#meantSinceMs.set(name, this.#world.time.elapsedMs);
    this.#spoilt.delete(path);
    this.#world.files.write(path, machineManifest(name, cpus, extra));
  }

  remove(path: string): void {
    const name = this.#meant.get(path);
    if (name !== undefined) this.#meantSinceMs.delete(name);
    this.#meant.delete(path);
    this.#spoilt.delete(path);
    this.#world.files.remove(path);
  }

  rename(from: string, to: string): void {
    const name = this.#meant.get(from);
    if (name === undefined || this.#spoilt.has(from)) return;
    this.#meant.delete(from);
    this.#meant.set(to, name);
    this.#world.files.rename(from, to);
  }

  /**
   * An editor or a copy has got to the middle; the rest comes after a while, or at the latest in the calm.
   */
  halfWrite(path: string, afterMs: number): void {
    const { files, time } = this.#world;
    const text = files.text(path);
    if (text === undefined || this.#spoilt.has(path)) return;
    this.#spoil(path, text);
    files.write(path, text.slice(0, text.length / 2));
    time.schedule(afterMs, () => this.#mend(path, text));
  }

  truncate(path: string): void {
    const text = this.#world.files.text(path);
    if (text === undefined || this.#spoilt.has(path)) return;
    this.#spoil(path, text);
    this.#world.files.write(path, "");
  }

  /**
   * Everything in the folder is gone, by mistake. What was not there for a while before the eyes of a
   * controller is not to be told from what was taken away on purpose.
   */
  empty(): void {
    const { files, time } = this.#world;
    for (const path of files.paths) {
      const text = files.text(path);
      const name = this.#meant.get(path);
      if (text !== undefined && name !== undefined && !this.#spoilt.has(path)) this.#spoil(path, text);
      if (name !== undefined) this.#unseen.add(name);
      files.remove(path);
    }
    const onlookers = this.#onlookers();
    time.schedule(watchedMs, () => {
      const isSeen = this.#onlookers().some((process) => onlookers.includes(process));
      if (isSeen && files.paths.length === 0) this.#unseen.clear();
    });
  }

  /** The file becomes a link to something else. */
  replaceByLink(path: string): void {
    const text = this.#world.files.text(path);
    if (text === undefined || this.#spoilt.has(path)) return;
    this.#spoil(path, text);
    this.#world.files.link(path, "../etc/secret.yaml");
  }

  /** Another file names the same machine, of another size. */
  duplicate(path: string, copy: string): void {
    const name = this.#meant.get(path);
    if (name === undefined || this.#meant.has(copy)) return;
    this.#world.files.write(copy, machineManifest(name, 7));
    this.#mends.set(copy, () => this.#world.files.remove(copy));
  }

  /** Puts right whatever accidents have made of the files. */
  mendAll(): void {
    this.#world.files.mount();
    for (const mend of this.#mends.values()) mend();
    this.#mends.clear();
  }

  readonly #mends = new Map<string, () => void>();

  /** The controllers that look at the folder now. */
  #onlookers(): readonly unknown[] {
    if (!this.#world.files.isMounted) return [];
    const looking = this.#world.replicas.filter(
      ({ isLeading, process }) => isLeading && process?.isPaused === false,
    );
    return looking.map(({ process }) => process);
  }

  #spoil(path: string, text: string): void {
    this.#spoilt.add(path);
    this.#mends.set(path, () => this.#mend(path, text));
  }

  #mend(path: string, text: string): void {
    if (!this.#spoilt.delete(path)) return;
    this.#mends.delete(path);
    if (this.#meant.has(path)) this.#world.files.write(path, text);
  }
}
