import type { VolumeMove } from "../../schema/volume.ts";
import { isVolume } from "./audit.ts";
import { wasRemoved } from "./inventory.ts";
import type { World } from "./world.ts";

/** Copies that moves of volumes have left on hosts whose Host was removed: nobody waits for those. */
export class LeftCopies {
  readonly #world: World;
  /** By uid of the volume: what was written down to be left, or on its way. */
  readonly #moves = new Map<string, VolumeMove>();
  /** Uids, with the host on which the copy is. */
  readonly #forgotten = new Set<string>();

  constructor(world: World) {
    this.#world = world;
    world.audit.listen((resource, { current }) => {
      if (!isVolume(resource)) return;
      const move = current === undefined ? undefined : resource.status?.move;
      this.#note(resource.metadata.uid ?? "", move);
    });
  }

  isForgotten(hostName: string, uid: string): boolean {
    return this.#forgotten.has(`${hostName}/${uid}`);
  }

  #note(uid: string, move: VolumeMove | undefined): void {
    const before = this.#moves.get(uid);
    if (move !== undefined) {
      this.#moves.set(uid, move);
      return;
    }
    this.#moves.delete(uid);
    if (before === undefined || before.phase === "Copying") return;
    const hostName = before.phase === "Cleaning" ? before.source : before.target;
    if (wasRemoved(this.#world, hostName)) this.#forgotten.add(`${hostName}/${uid}`);
  }
}
