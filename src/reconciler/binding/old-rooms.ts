import type { Snapshot } from "../../scheduler/snapshot.ts";

const nothing = { cpus: 0, memoryBytes: 0, diskBytes: 0 };

/**
 * Rooms of machines that are to go elsewhere. They are theirs until that is written down: the host may
 * answer again before, and then they stay.
 */
export class OldRooms {
  readonly #snapshot: Snapshot;
  readonly #uids = new Set<string>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** The machine, which may have a host, is promised another one. */
  keepIfLeft(uid: string, newHostName: string): void {
    const placed = this.#snapshot.placed(uid);
    if (placed === undefined || placed.hostName === newHostName) return;
    this.#uids.add(uid);
    this.#snapshot.hold(`left/${uid}`, placed.hostName, placed.request.resources);
  }

  /** The machine is where it was, or is written down elsewhere, or is gone. Says whether there was a room. */
  end(uid: string): boolean {
    if (!this.#uids.delete(uid)) return false;
    this.#snapshot.hold(`left/${uid}`, undefined, nothing);
    return true;
  }
}
