import type { Resources } from "../../schema/host.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { World } from "./world.ts";

interface Allocated {
  readonly hostName: string;
  readonly epoch: number | undefined;
  readonly resources: Resources;
}

/** S4: what hosts have promised, as it is written down. */
export class Rooms {
  readonly #world: World;
  readonly #allocated = new Map<string, Allocated>();
  readonly #allocatable = new Map<string, { readonly atMs: number; readonly resources: Resources }[]>();

  constructor(world: World) {
    this.#world = world;
  }

  host(name: string, resources: Resources | undefined): void {
    if (resources === undefined) return;
    const known = this.#allocatable.get(name) ?? [];
    this.#allocatable.set(name, [...known.slice(-9), { atMs: this.#world.time.elapsedMs, resources }]);
  }

  machine({ metadata, status }: VirtualMachine, isGone: boolean): void {
    const { uid = "", name } = metadata;
    const before = this.#allocated.get(uid);
    const { hostName, allocated, placementEpoch: epoch } = status ?? {};
    if (isGone || hostName === undefined || allocated === undefined) {
      this.#allocated.delete(uid);
      return;
    }
    this.#allocated.set(uid, { hostName, epoch, resources: allocated });
    const isMore =
      before === undefined ||
      // What has another name by now takes no more there than before.
      (before.hostName !== hostName && before.epoch !== epoch) ||
      allocated.cpus > before.resources.cpus ||
      allocated.memoryBytes > before.resources.memoryBytes ||
      allocated.diskBytes > before.resources.diskBytes;
    if (isMore) this.#check(name, hostName);
  }

  /** What was said a while ago may have been acted on; what holds now is the newest of it. */
  #check(machine: string, hostName: string): void {
    const sums = { cpus: 0, memoryBytes: 0, diskBytes: 0 };
    for (const { hostName: other, resources } of this.#allocated.values()) {
      if (other !== hostName) continue;
      sums.cpus += resources.cpus;
      sums.memoryBytes += resources.memoryBytes;
      sums.diskBytes += resources.diskBytes;
    }
    const known = this.#allocatable.get(hostName) ?? [];
    const recent = known.filter(
      (_, index) =>
        (known[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) > this.#world.time.elapsedMs - 600_000,
    );
    for (const key of ["cpus", "memoryBytes", "diskBytes"] as const) {
      const most = Math.max(0, ...recent.map(({ resources }) => resources[key]));
      if (sums[key] <= most) continue;
      const what = `${sums[key]} ${key} promised on ${hostName}, which has ${most}; last to ${machine}`;
      this.#world.complain("S4", what);
    }
  }
}
