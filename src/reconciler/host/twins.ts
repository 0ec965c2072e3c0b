import type { Host } from "../../schema/host.ts";

/** Which Hosts lead to one and the same machine, as far as libvirt's UUID of a host tells. */
export class Twins {
  readonly #uuids = new Map<string, string>();
  readonly #names = new Map<string, Set<string>>();

  /** Where a Host leads, or last did; undefined: nowhere. Returns the others whom a change concerns. */
  note(hostName: string, uuid: string | undefined): readonly string[] {
    const before = this.#uuids.get(hostName);
    if (before === uuid) return [];
    const former = this.of(hostName);
    if (before !== undefined) this.#names.get(before)?.delete(hostName);
    if (before !== undefined && this.#names.get(before)?.size === 0) this.#names.delete(before);
    this.#uuids.delete(hostName);
    if (uuid === undefined) return former;
    this.#uuids.set(hostName, uuid);
    this.#names.set(uuid, (this.#names.get(uuid) ?? new Set()).add(hostName));
    return [...former, ...this.of(hostName)];
  }

  /** The other Hosts that lead to the same machine. */
  of(hostName: string): readonly string[] {
    const names = this.#names.get(this.#uuids.get(hostName) ?? "") ?? [];
    return [...names].filter((name) => name !== hostName);
  }
}

/**
 * Of Hosts that all lead to the machine with this UUID, the one that stands for it: which is known to have
 * led there first, else the oldest. The others do not take the UUID over, so that it stays so.
 */
export function firstOf(host: Host, twins: readonly Host[], uuid: string): Host {
  return twins.reduce((first, twin) => (precedes(twin, first, uuid) ? twin : first), host);
}

function precedes(left: Host, right: Host, uuid: string): boolean {
  const hadIt = left.status?.hostUuid === uuid;
  if (hadIt !== (right.status?.hostUuid === uuid)) return hadIt;
  return ageOf(left) < ageOf(right);
}

/** Sorts the oldest first, and those of one age by name. */
function ageOf({ metadata }: Host): string {
  return `${metadata.creationTimestamp ?? ""} ${metadata.name}`;
}
