import type { Resources } from "../../schema/host.ts";

interface Placement {
  readonly hostName: string;
  readonly resources: Resources;
}

const nothing: Resources = { cpus: 0, memoryBytes: 0, diskBytes: 0 };

/**
 * Which machine has been promised what on which host, with the sums kept up to date. A promise is entered
 * before it is written to the store, so that two machines are never promised the same room.
 */
export class Placements {
  readonly #byUid = new Map<string, Placement>();
  readonly #allocated = new Map<string, Resources>();

  has(uid: string): boolean {
    return this.#byUid.has(uid);
  }

  allocatedOn(hostName: string): Resources {
    return this.#allocated.get(hostName) ?? nothing;
  }

  /** What the machine has been promised on this host; nothing when it has no promise there. */
  promisedTo(uid: string, hostName: string): Resources {
    const placement = this.#byUid.get(uid);
    return placement?.hostName === hostName ? placement.resources : nothing;
  }

  /** Enters or replaces what the machine has been promised. */
  set(uid: string, hostName: string, resources: Resources): void {
    this.remove(uid);
    this.#byUid.set(uid, { hostName, resources });
    this.#allocated.set(hostName, add(this.allocatedOn(hostName), resources));
  }

  remove(uid: string): void {
    const placement = this.#byUid.get(uid);
    if (placement === undefined) return;
    const { hostName, resources } = placement;
    this.#byUid.delete(uid);
    this.#allocated.set(hostName, subtract(this.allocatedOn(hostName), resources));
  }
}

function add(a: Resources, b: Resources): Resources {
  return {
    cpus: a.cpus + b.cpus,
    memoryBytes: a.memoryBytes + b.memoryBytes,
    diskBytes: a.diskBytes + b.diskBytes,
  };
}

/** What is left of `a` without `b`. */
export function subtract(a: Resources, b: Resources): Resources {
  return {
    cpus: a.cpus - b.cpus,
    memoryBytes: a.memoryBytes - b.memoryBytes,
    diskBytes: a.diskBytes - b.diskBytes,
  };
}
