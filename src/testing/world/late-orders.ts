import type { Process } from "./process.ts";
import type { WatchedCall } from "./sim-driver.ts";
import type { World } from "./world.ts";

/** A call is waited for so long after it was given up; some clocks are a good deal faster than time. */
const patienceMs = 50_000;

/**
 * What hosts make of machines that are gone already. Who has sent the call waits for it before it lets the
 * machine go, for as long as patience lasts; who has not sent it cannot know of it. Either removes what comes
 * later, for as long as it lives; another one cannot know whose it was, and leaves it alone.
 */
export class LateOrders {
  readonly #world: World;
  readonly #givenUpMs = new WeakMap<WatchedCall, number>();
  /** Uids, with the host that made something of them late. */
  readonly #late = new Set<string>();
  /** The same, where whoever had asked for it was dead when the host did what it was asked last. */
  readonly #ofTheDead = new Set<string>();
  /** By uid: who led when the machine was let go. */
  readonly #letGoBy = new Map<string, Process>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Whoever sent it does not wait for the answer any more. */
  givenUp(call: WatchedCall): void {
    this.#givenUpMs.set(call, this.#world.time.elapsedMs);
  }

  carriedOut(call: WatchedCall, uid: string): void {
    if (call.process.isAlive) this.#ofTheDead.delete(`${call.host.name}/${uid}`);
    else this.#ofTheDead.add(`${call.host.name}/${uid}`);
    const leader = this.#letGoBy.get(uid);
    if (leader === undefined) return;
    const givenUpMs = this.#givenUpMs.get(call) ?? Number.POSITIVE_INFINITY;
    const isLate = this.#world.time.elapsedMs - givenUpMs > patienceMs;
    if (isLate || call.process !== leader) this.#late.add(`${call.host.name}/${uid}`);
  }

  /** The machine's object is gone. */
  letGo(uid: string): void {
    const processes = this.#world.replicas.flatMap(({ process }) => process ?? []);
    const leader = processes.find((process) => this.#world.whyNotLeading(process) === undefined);
    if (leader !== undefined) this.#letGoBy.set(uid, leader);
  }

  /** Whether what the host did last with what has this uid had been asked for by somebody who had died. */
  isOfTheDead(hostName: string, uid: string): boolean {
    return this.#ofTheDead.has(`${hostName}/${uid}`);
  }

  /** Whether nobody who lives can know that what the host has of this uid may go. */
  isNobodys(hostName: string, uid: string): boolean {
    return this.#late.has(`${hostName}/${uid}`) && this.#letGoBy.get(uid)?.isAlive === false;
  }
}
