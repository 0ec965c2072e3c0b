import type { Host } from "../../schema/host.ts";
import { type Volume, volumeBytes } from "../../schema/volume.ts";
import type { Placements } from "../binding/placements.ts";
import type { HostRoom } from "./plan-input.ts";

export interface VolumeRoomOptions {
  readonly hosts: () => readonly Host[];
  /** Whether the host answers now. */
  readonly isConnected: (hostName: string) => boolean;
  readonly placements: Placements;
}

/** The room on hosts that volumes take and may take. While one is moved it takes room on both. */
export class VolumeRoom {
  readonly #options: VolumeRoomOptions;

  constructor(options: VolumeRoomOptions) {
    this.#options = options;
  }

  /** Enters where the volume is, or is to be, before that is written to the store. */
  enter({ metadata, spec, status }: Volume): void {
    const { uid = "" } = metadata;
    const { hostName, move } = status ?? {};
    const other = move === undefined || move.target === hostName ? move?.source : move.target;
    this.#set(uid, hostName, volumeBytes(spec));
    this.#set(moveKey(uid), other, volumeBytes(spec));
  }

  /** The volume is gone. */
  leave({ metadata }: Volume): void {
    const { uid = "" } = metadata;
    this.#options.placements.remove(uid);
    this.#options.placements.remove(moveKey(uid));
  }

  /** What each host has left for this volume: what it has been promised already is its own. */
  hosts({ metadata }: Volume): readonly HostRoom[] {
    const { hosts, isConnected, placements } = this.#options;
    const { uid = "" } = metadata;
    return hosts().map(({ metadata: { name, deletionTimestamp }, spec, status }) => {
      const own =
        placements.promisedTo(uid, name).diskBytes + placements.promisedTo(moveKey(uid), name).diskBytes;
      const taken = placements.allocatedOn(name).diskBytes - own;
      const isOpen = !spec.unschedulable && deletionTimestamp === undefined;
      return {
        name,
        usable: isOpen && isConnected(name),
        freeDiskBytes: (status?.allocatable?.diskBytes ?? 0) - taken,
      };
    });
  }

  #set(key: string, hostName: string | undefined, diskBytes: number): void {
    const { placements } = this.#options;
    if (hostName === undefined) placements.remove(key);
    else placements.set(key, hostName, { cpus: 0, memoryBytes: 0, diskBytes });
  }
}

function moveKey(uid: string): string {
  return `${uid}/move`;
}
