import type { FakeDomain } from "../../drivers/fake/fake-domain.ts";
import type { FakeVerb } from "../../drivers/fake/fake-faults.ts";
import type { FakeHost } from "../../drivers/fake/fake-host.ts";
import { hasReason, StatusError } from "../../runtime/errors.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { Cluster } from "../cluster.ts";
import { SeededRandom } from "../seeded-random.ts";

const strategies = ["Always", "Always", "RerunOnFailure", "Once", "Manual", "Halted"] as const;
const fragileVerbs: readonly FakeVerb[] = [
  "defineDomain",
  "startDomain",
  "shutdownDomain",
  "destroyDomain",
  "undefineDomain",
  "ensureVolume",
  "deleteVolume",
  "attachVolume",
  "detachVolume",
  "growVolume",
  "readVolume",
  "ensureContent",
  "observeVolumes",
  "observe",
  "observeDomain",
];

/** Something that happens, about as often as its weight says. */
export interface Act {
  readonly weight: number;
  readonly act: (chaos: Trouble) => Promise<unknown> | unknown;
}

/** What clients, people with virsh, hosts and networks do, each about as often as its weight says. */
const acts: Readonly<Record<string, Act>> = {
  create: { weight: 6, act: (chaos) => chaos.create() },
  remove: { weight: 2, act: (chaos) => chaos.onMachine((name) => chaos.cluster.remove(name)) },
  resize: {
    weight: 2,
    act: (chaos) => chaos.onMachine((name) => chaos.cluster.edit(name, { cpus: chaos.below(4) + 1 })),
  },
  strategy: {
    weight: 2,
    act: (chaos) =>
      chaos.onMachine((name) => chaos.cluster.edit(name, { runStrategy: chaos.pick(strategies) })),
  },
  ask: {
    weight: 3,
    act: (chaos) =>
      chaos.onMachine((name) =>
        chaos.cluster.ask(name, chaos.pick(["Start", "Stop", "Restart", "Nothing"] as const)),
      ),
  },
  kill: { weight: 3, act: (chaos) => chaos.onDomain((domain) => domain.kill()) },
  destroy: { weight: 2, act: (chaos) => chaos.onDomain((domain) => domain.destroy()) },
  guestShutdown: { weight: 2, act: (chaos) => chaos.onDomain((domain) => domain.stopFromInside()) },
  undefine: { weight: 2, act: (chaos) => chaos.onDomain((domain) => domain.undefine()) },
  pause: { weight: 2, act: (chaos) => chaos.onDomain((domain) => domain.active && domain.pause()) },
  startByHand: { weight: 1, act: (chaos) => chaos.onDomain((domain) => domain.active || domain.start()) },
  deaf: {
    weight: 1,
    act: (chaos) =>
      chaos.onDomain((domain) => {
        domain.guest = { obeysShutdown: chaos.below(2) === 0, shutdownMs: chaos.below(3) * 4_000 };
      }),
  },
  editByHand: {
    weight: 2,
    act: (chaos) =>
      chaos.onDomain((domain) => domain.observed.definition && domain.edit({ cpus: 5 + chaos.below(3) })),
  },
  power: {
    weight: 1,
    act: (chaos) => chaos.onHost((host) => (host.powered ? host.powerOff() : host.powerOn())),
  },
  cable: { weight: 1, act: (chaos) => chaos.onHost((host) => (host.connected ? host.cut() : host.heal())) },
  daemonRestart: { weight: 1, act: (chaos) => chaos.onHost((host) => host.dropLinks("libvirtd restarted")) },
  hang: {
    weight: 1,
    act: (chaos) => chaos.onHost(({ faults }) => (faults.frozen ? faults.unhang() : faults.hang())),
  },
  deafness: {
    weight: 2,
    act: (chaos) =>
      chaos.onHost(({ faults }) => {
        faults.dropHints = !faults.dropHints;
      }),
  },
  slow: {
    weight: 1,
    act: (chaos) =>
      chaos.onHost(({ faults }) => {
        faults.latencyMs = chaos.pick([0, 0, 5, 400]);
      }),
  },
  failure: {
    weight: 3,
    act: (chaos) =>
      chaos.onHost(({ faults }) =>
        faults.failNext(chaos.pick(fragileVerbs), new StatusError("InternalError", "chaos")),
      ),
  },
  lostReply: {
    weight: 3,
    act: (chaos) => chaos.onHost(({ faults }) => faults.loseNextReply(chaos.pick(fragileVerbs))),
  },
  restart: {
    weight: 1,
    act: async ({ cluster }) => {
      await cluster.stopController();
      await cluster.startController();
    },
  },
};

/** Random trouble for a cluster; the same for the same seed. */
export class Trouble {
  readonly cluster: Cluster;
  /** What was done, in order. */
  readonly diary: string[] = [];
  readonly #random: SeededRandom;
  readonly #acts: Readonly<Record<string, Act>>;
  #created = 0;

  /** `more`: what may happen besides. */
  constructor(cluster: Cluster, seed: number, more: Readonly<Record<string, Act>> = {}) {
    this.#acts = { ...acts, ...more };
    this.cluster = cluster;
    this.#random = new SeededRandom(seed);
  }

  /** Does something, then lets some time pass. */
  async step(): Promise<void> {
    const names = Object.entries(this.#acts).flatMap(([name, { weight }]) =>
      Array<string>(weight).fill(name),
    );
    const name = this.pick(names);
    this.diary.push(name);
    await this.#acts[name]?.act(this);
    await this.cluster.settle(this.pick([0, 0, 1, 20, 500, 3_000, 20_000]));
  }

  /** Ends all trouble. */
  heal(): void {
    for (const host of this.cluster.hypervisor.hosts) {
      host.faults.unhang();
      host.faults.dropHints = false;
      host.faults.latencyMs = 0;
      host.heal();
      if (!host.powered) host.powerOn();
    }
  }

  async create(): Promise<void> {
    this.#created += 1;
    const disks = this.below(2) === 0 ? [] : [{ name: "root", size: "1Gi" }];
    const spec = { runStrategy: this.pick(strategies), disks, terminationGracePeriodSeconds: this.below(15) };
    await this.cluster.addMachine(`vm-${this.#created}`, spec);
  }

  async onMachine(act: (name: string) => Promise<unknown>): Promise<void> {
    const { items } = await this.cluster.store.list(VirtualMachineKind);
    if (items.length === 0) return;
    try {
      await act(this.pick(items).metadata.name);
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
    }
  }

  onDomain(act: (domain: FakeDomain) => unknown): void {
    const domains = [...this.cluster.hypervisor.hosts].flatMap((host) =>
      host.powered ? [...host.domains] : [],
    );
    if (domains.length > 0) act(this.pick(domains));
  }

  onHost(act: (host: FakeHost) => void): void {
    act(this.pick([...this.cluster.hypervisor.hosts]));
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }
}
