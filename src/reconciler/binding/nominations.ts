import type { Profile } from "../../scheduler/framework.ts";
import { preempt } from "../../scheduler/preempt.ts";
import type { PlacementRequest } from "../../scheduler/request.ts";
import type { Snapshot } from "../../scheduler/snapshot.ts";

/** Machines of lower priority make room on a host for one that fits nowhere. */
export interface Nomination {
  readonly request: PlacementRequest;
  readonly hostName: string;
  /** By uid. */
  readonly victims: ReadonlySet<string>;
}

const nothing = { cpus: 0, memoryBytes: 0, diskBytes: 0 };

/**
 * For whom room is being made, and where. Until it is there it is held against all of no higher priority, so
 * that nobody takes it piece by piece.
 */
export class Nominations {
  readonly #snapshot: Snapshot;
  readonly #byUid = new Map<string, Nomination>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** Why the machine has to make room where it is; undefined when it need not, or has gone elsewhere. */
  reasonAgainst(uid: string): string | undefined {
    const victim = this.#snapshot.placed(uid);
    if (victim === undefined) return undefined;
    const isIts = (one: Nomination): boolean => one.hostName === victim.hostName && one.victims.has(uid);
    const found = [...this.#byUid.values()].find(isIts);
    if (found === undefined) return undefined;
    const { namespace, name, priority } = found.request;
    return (
      `machine ${namespace}/${name} of priority ${priority} takes its place on host "${found.hostName}"; ` +
      `its own priority is ${victim.request.priority}`
    );
  }

  /** Chooses who makes room, unless some do already; undefined when nobody can. New ones are told apart. */
  make(
    request: PlacementRequest,
    profile: Profile,
  ): { readonly nomination: Nomination; readonly isNew: boolean } | undefined {
    const known = this.#byUid.get(request.uid);
    if (known !== undefined && this.#isUnderWay(known)) return { nomination: known, isNew: false };
    this.end(request.uid);
    if (!this.#hasLower(request.priority)) return undefined;
    const found = preempt(request, this.#snapshot, profile);
    if (found === undefined) return undefined;
    const victims = new Set(found.victims.map((victim) => victim.request.uid));
    const nomination = { request, hostName: found.hostName, victims };
    this.#byUid.set(request.uid, nomination);
    this.#hold(nomination, true);
    return { nomination, isNew: true };
  }

  /** The room is no longer needed, or has been taken by whom it was made for. Returns whether any was. */
  end(uid: string): boolean {
    const nomination = this.#byUid.get(uid);
    if (nomination === undefined) return false;
    this.#byUid.delete(uid);
    this.#hold(nomination, false);
    return true;
  }

  /** What `decide` finds for a machine: room that is held for itself, or for less important ones, is free. */
  asSeenBy<T>({ uid, priority }: PlacementRequest, decide: () => T): T {
    const passed = [...this.#byUid.values()].filter(
      ({ request }) => request.uid === uid || request.priority < priority,
    );
    for (const nomination of passed) this.#hold(nomination, false);
    try {
      return decide();
    } finally {
      for (const nomination of passed) this.#hold(nomination, true);
    }
  }

  /** Whether there is anybody who could make room: mostly there is not, and that is found out quickly. */
  #hasLower(priority: number): boolean {
    for (const { request } of this.#snapshot.placements) {
      if (request.preemptible && request.priority < priority) return true;
    }
    return false;
  }

  /** Whether the host can still take it, and some victim has not given up its room yet. */
  #isUnderWay({ hostName, victims }: Nomination): boolean {
    if (this.#snapshot.host(hostName)?.ready !== true) return false;
    return [...victims].some((uid) => {
      const placed = this.#snapshot.placed(uid);
      return placed?.hostName === hostName && placed.request.resources.cpus > 0;
    });
  }

  #hold({ request: { uid, resources }, hostName }: Nomination, isHeld: boolean): void {
    this.#snapshot.hold(`nominated/${uid}`, isHeld ? hostName : undefined, isHeld ? resources : nothing);
  }
}
