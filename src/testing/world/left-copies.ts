import type { VolumeMove } from "../../schema/volume.ts";
import { isMachine, isVolume } from "./audit.ts";
import { wasRemoved } from "./inventory.ts";
import type { World } from "./world.ts";

/** Copies that moved volumes, and machines that are gone, have left on hosts whose Host was removed. */
export class LeftCopies {
  readonly #world: World;
  /** By uid of the volume: what was written down to be left, or on its way. */
  readonly #moves = new Map<string, VolumeMove>();
  /** Uids, with the host on which the copy is. */
  readonly #forgotten = new Set<string>();

  constructor(world: World) {
    this.#world = world;
    world.audit.listen((resource, { current }) => {
      const uid = resource.metadata.uid ?? "";
      if (isVolume(resource)) this.#note(uid, current === undefined ? undefined : resource.status?.move);
      else if (isMachine(resource) && current === undefined) {
        for (const { hostName } of resource.status?.leftBehind ?? []) this.#forget(hostName, uid);
      }
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
    this.#forget(before.phase === "Cleaning" ? before.source : before.target, uid);
  }

  #forget(hostName: string, uid: string): void {
    if (wasRemoved(this.#world, hostName)) this.#forgotten.add(`${hostName}/${uid}`);
  }
}
