import type { Host, Resources } from "../../schema/host.ts";
import { type Volume, volumeBytes } from "../../schema/volume.ts";
import type { HostRoom } from "./plan-input.ts";

/** What hosts have promised, to machines and to others. */
export interface Ledger {
  /** How much disk the host has promised. */
  promisedDiskBytes(hostName: string): number;
  /** This, which is no machine, has this much of the host, or nothing any more. */
  hold(key: string, hostName: string | undefined, resources: Resources): void;
}

export interface VolumeRoomOptions {
  readonly hosts: () => readonly Host[];
  /** Whether the host answers now. */
  readonly isConnected: (hostName: string) => boolean;
  readonly ledger: Ledger;
}

/** The room on hosts that volumes take and may take. While one is moved it takes room on both. */
export class VolumeRoom {
  readonly #options: VolumeRoomOptions;
  readonly #held = new Map<string, { readonly hostName: string; readonly diskBytes: number }>();

  constructor(options: VolumeRoomOptions) {
    this.#options = options;
  }

  /** Enters where the volume is, or is to be, before that is written to the store. */
  enter({ metadata, spec, status }: Volume): void {
    const { uid = "" } = metadata;
    const { hostName, move } = status ?? {};
    const other = move === undefined || move.target === hostName ? move?.source : move.target;
    this.#hold(uid, hostName, volumeBytes(spec));
    this.#hold(moveKey(uid), other, volumeBytes(spec));
  }

  /** The volume is gone. */
  leave({ metadata }: Volume): void {
    const { uid = "" } = metadata;
    this.#hold(uid, undefined, 0);
    this.#hold(moveKey(uid), undefined, 0);
  }

  /** What each host has left for this volume: what it has been promised already is its own. */
  hosts({ metadata }: Volume): readonly HostRoom[] {
    const { hosts, isConnected, ledger } = this.#options;
    const { uid = "" } = metadata;
    return hosts().map(({ metadata: { name, deletionTimestamp }, spec, status }) => {
      const own = this.#heldOn(name, uid) + this.#heldOn(name, moveKey(uid));
      const taken = ledger.promisedDiskBytes(name) - own;
      const closed = isConnected(name) ? undefined : "not ready";
      const kept = spec.unschedulable ? "cordoned" : closed;
      const why = deletionTimestamp === undefined ? kept : "being deleted";
      return {
        name,
        ...(why === undefined ? {} : { closed: why }),
        freeDiskBytes: (status?.allocatable?.diskBytes ?? 0) - taken,
      };
    });
  }

  #heldOn(hostName: string, key: string): number {
    const held = this.#held.get(key);
    return held?.hostName === hostName ? held.diskBytes : 0;
  }

  #hold(key: string, hostName: string | undefined, diskBytes: number): void {
    if (hostName === undefined) this.#held.delete(key);
    else this.#held.set(key, { hostName, diskBytes });
    this.#options.ledger.hold(key, hostName, { cpus: 0, memoryBytes: 0, diskBytes });
  }
}

function moveKey(uid: string): string {
  return `${uid}/move`;
}
