const diskName = /^vm-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-/;
const rememberedMax = 10_000;

/**
 * Machines that this process has let go, and what comes to be of them afterwards: a host that is slow may
 * make a disk or a definition that it was asked for long ago, when the machine has been deleted and nobody
 * looks for it any more. What was forgotten with another process is never taken for a leftover.
 */
export class Leftovers {
  readonly #letGo = new Set<string>();

  /** Nothing of the machine was left, and its object may go. */
  noteLetGo(uid: string): void {
    this.#letGo.add(uid);
    const [oldest] = this.#letGo;
    if (this.#letGo.size > rememberedMax && oldest !== undefined) this.#letGo.delete(oldest);
  }

  wasLetGo(uid: string): boolean {
    return this.#letGo.has(uid);
  }

  /** Those of the volumes that are disks of machines that were let go. */
  among(volumes: Iterable<string>): readonly string[] {
    if (this.#letGo.size === 0) return [];
    return [...volumes].filter((volume) => this.#letGo.has(diskName.exec(volume)?.[1] ?? ""));
  }
}
