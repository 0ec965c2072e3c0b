import { isTrue } from "../../schema/conditions.ts";
import type { Resource } from "../../schema/meta.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { isHost, isMachine } from "./audit.ts";
import type { FirstLooks } from "./first-looks.ts";
import { whyNotRenamed } from "./renames.ts";
import { wasStated } from "./statements.ts";
import type { World } from "./world.ts";

interface Seen {
  readonly hostName: string | undefined;
  readonly epoch: number;
}

/**
 * S5, on what is written down: a machine leaves a host only on a proof, and each placement counts one more;
 * one that only goes on under another name of its host is there. A person's statement must have been made by
 * one; while many hosts are away it must have insisted.
 */
export class Placements {
  readonly #world: World;
  readonly #firstLooks: Pick<FirstLooks, "placed">;
  readonly #machines = new Map<string, Seen>();
  /** Since when hosts are known to be among many that vanished. */
  readonly #heldSince = new Map<string, number>();

  constructor(world: World, firstLooks: Pick<FirstLooks, "placed">) {
    this.#world = world;
    this.#firstLooks = firstLooks;
    world.audit.listen((resource, { current }) => this.#note(resource, current === undefined));
  }

  /** An old copy of the store was brought back: what came after it was forgotten by everybody. */
  restored(): void {
    this.#machines.clear();
    this.#heldSince.clear();
  }

  #note(resource: Resource, isGone: boolean): void {
    const { uid = "", name } = resource.metadata;
    if (isHost(resource)) {
      const isHeld = !isGone && isTrue(resource.status?.conditions, "MassOutage");
      if (!isHeld) this.#heldSince.delete(name);
      else if (!this.#heldSince.has(name)) this.#heldSince.set(name, this.#world.time.elapsedMs);
    }
    if (!isMachine(resource)) return;
    const before = this.#machines.get(uid);
    const { hostName, placementEpoch: epoch = 0 } = resource.status ?? {};
    if (isGone) this.#machines.delete(uid);
    else this.#machines.set(uid, { hostName, epoch });
    if (!isGone && before !== undefined) this.#check(resource, before, { hostName, epoch });
  }

  #check(vm: VirtualMachine, before: Seen, after: Seen): void {
    const complain = (what: string) => this.#world.complain("S5", `${vm.metadata.name} ${what}`);
    const isPlaced = after.hostName !== undefined && after.hostName !== before.hostName;
    if (isPlaced && before.hostName !== undefined && after.epoch === before.epoch) {
      const why = whyNotRenamed(this.#world, vm, before.hostName);
      if (why !== undefined) complain(`goes on as on ${after.hostName}: ${why}`);
      return;
    }
    if (isPlaced && after.epoch !== before.epoch + 1) {
      complain(`was placed on ${after.hostName} with epoch ${after.epoch} after ${before.epoch}`);
    }
    if (isPlaced) this.#firstLooks.placed(vm, before.hostName !== undefined);
    if (before.hostName === undefined || after.hostName === before.hostName) return;
    const { departure } = vm.status ?? {};
    if (departure?.hostName !== before.hostName || departure.epoch !== before.epoch) {
      complain(`left ${before.hostName} without a proof`);
    } else if (departure.proof === "ObservedAbsent") {
      // An older copy may run on another host, of which a person said that it is down.
      const runs = this.#world.watch
        .activeOn(vm.metadata.uid ?? "")
        .find((name) => this.#world.host(name).fake.facts.hostUuid === departure.hostUuid);
      if (runs !== undefined) complain(`was seen to be absent from ${runs} and runs there`);
    } else this.#checkStatement(before.hostName, departure.at, complain);
  }

  #checkStatement(hostName: string, at: string, complain: (what: string) => void): void {
    const stated = wasStated(this.#world, hostName, at);
    if (stated === undefined) complain(`left ${hostName} on a statement that nobody made`);
    const heldMs = this.#world.time.elapsedMs - (this.#heldSince.get(hostName) ?? Number.POSITIVE_INFINITY);
    if (stated?.evenInMassOutage === false && heldMs > patienceMs) {
      complain(`left ${hostName} while many hosts are away, and nobody insisted`);
    }
  }
}

/** What is written of a host may be read late by who moves its machines. */
const patienceMs = 5_000;
