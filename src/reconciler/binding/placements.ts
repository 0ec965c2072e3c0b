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

  allocatedOn(hostName: string): Resources {
    return this.#allocated.get(hostName) ?? nothing;
  }

  /** Enters or replaces what the machine has been promised. */
  set(uid: string, hostName: string, resources: Resources): void {
    this.remove(uid);
    this.#byUid.set(uid, { hostName, resources });
    this.#allocated.set(hostName, add(this.allocatedOn(hostName), resources, 1));
  }

  remove(uid: string): void {
    const placement = this.#byUid.get(uid);
    if (placement === undefined) return;
    this.#byUid.delete(uid);
    this.#allocated.set(
      placement.hostName,
      add(this.allocatedOn(placement.hostName), placement.resources, -1),
    );
  }
}

function add(sum: Resources, resources: Resources, sign: 1 | -1): Resources {
  return {
    cpus: sum.cpus + sign * resources.cpus,
    memoryBytes: sum.memoryBytes + sign * resources.memoryBytes,
    diskBytes: sum.diskBytes + sign * resources.diskBytes,
  };
}
