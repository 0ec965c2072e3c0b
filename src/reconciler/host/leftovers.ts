/** A machine's disk, or the data of a Volume. */
const ownName = /^(?:vm-([0-9a-f-]{36})-|volume-([0-9a-f-]{36})\.)/;
const rememberedMax = 10_000;

/**
 * Machines and Volumes that this process has let go, and what comes to be of them afterwards: a host that is
 * slow may make a disk or a definition that it was asked for long ago, when they have been deleted and nobody
 * looks for it any more. What was forgotten with another process is never taken for a leftover.
 */
export class Leftovers {
  readonly #letGo = new Set<string>();

  /** Nothing of it was left, and its object may go. */
  noteLetGo(uid: string): void {
    this.#letGo.add(uid);
    const [oldest] = this.#letGo;
    if (this.#letGo.size > rememberedMax && oldest !== undefined) this.#letGo.delete(oldest);
  }

  wasLetGo(uid: string): boolean {
    return this.#letGo.has(uid);
  }

  /** Those of the volumes that are of what was let go. */
  among(volumes: Iterable<string>): readonly string[] {
    if (this.#letGo.size === 0) return [];
    return [...volumes].filter((volume) => {
      const [, machine, own] = ownName.exec(volume) ?? [];
      return this.#letGo.has(machine ?? own ?? "");
    });
  }
}
