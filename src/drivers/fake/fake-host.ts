import type { Clock, Timer } from "../../runtime/clock.ts";
import type { Accelerator } from "../../schema/host.ts";
import type { DomainDefinition, Hint, HostFacts, PoolSpace } from "../driver.ts";
import { UnreachableError } from "../unreachable.ts";
import type { HostUsage } from "../usage.ts";
import { FakeDomain, type ForeignDomain, type GuestBehaviour } from "./fake-domain.ts";
import { FakeFaults, type FakeVerb } from "./fake-faults.ts";
import { FakePool } from "./fake-pool.ts";

/** Size and nature of a host; what is left out is that of a small server. */
export interface FakeHostOptions {
  readonly name: string;
  readonly hostUuid: string;
  readonly cpus?: number;
  readonly memoryBytes?: number;
  readonly diskBytes?: number;
  readonly architecture?: string;
  /** What the host claims. */
  readonly accelerators?: readonly Accelerator[];
  /** What really runs guests; all that is claimed unless told. */
  readonly workingAccelerators?: readonly Accelerator[];
}

/** What a host knows of a connection to it. */
export interface FakeLink {
  hint(hint: Hint): void;
  lose(error: Error): void;
}

/** How long a cut cable goes unnoticed. */
const keepaliveMs = 30_000;

/** A host in memory: the ground truth that a controller can only ask about. */
export class FakeHost {
  readonly name: string;
  /** All but the pool, of which each cluster has its own. */
  readonly facts: Omit<HostFacts, "pool">;
  readonly workingAccelerators: readonly Accelerator[];
  readonly faults = new FakeFaults();
  /** How guests of domains that are defined from now on behave. */
  guest: GuestBehaviour = { obeysShutdown: true, shutdownMs: 0 };
  /** Told of every change of a domain at once, also of those that no event tells of. */
  witness: (domain: FakeDomain) => void = () => {};
  /** Calls that arrived, by verb. */
  readonly calls = new Map<FakeVerb, number>();
  readonly #clock: Clock;
  readonly #diskBytes: number;
  readonly #domains = new Map<string, FakeDomain>();
  readonly #names = new Map<string, FakeDomain>();
  readonly #pools = new Map<string, FakePool>();
  readonly #links = new Set<FakeLink>();
  #power = true;
  #cable = true;
  #keepalive: Timer | undefined;

  constructor(options: FakeHostOptions, clock: Clock) {
    const accelerators = options.accelerators ?? ["kvm", "qemu"];
    this.name = options.name;
    this.#clock = clock;
    this.workingAccelerators = options.workingAccelerators ?? accelerators;
    this.facts = {
      hostUuid: options.hostUuid,
      hostname: options.name,
      architecture: options.architecture ?? "x86_64",
      hypervisor: { type: "fake", version: "1.0.0", libvirt: "9.0.0" },
      accelerators,
      ...sizeOf(options),
      otherPools: [],
    };
    this.#diskBytes = options.diskBytes ?? 2 ** 40;
  }

  /** Every domain there is, ours or not. */
  get domains(): Iterable<FakeDomain> {
    return this.#domains.values();
  }

  /** The domain with this UUID; throws when there is none: tests ask for what they know is there. */
  domain(uid: string): FakeDomain {
    const domain = this.#domains.get(uid);
    if (domain === undefined) throw new Error(`host ${this.name} has no domain ${uid}`);
    return domain;
  }

  findDomain(uid: string): FakeDomain | undefined {
    return this.#domains.get(uid);
  }

  findByName(domainName: string): FakeDomain | undefined {
    return this.#names.get(domainName);
  }

  /** Puts a new domain there, as our driver or somebody else does. */
  addDomain(origin: DomainDefinition | ForeignDomain): FakeDomain {
    const domain = new FakeDomain(origin, {
      clock: this.#clock,
      guest: this.guest,
      changed: (changed) => this.#changed(changed),
    });
    this.#domains.set(domain.uid, domain);
    this.#names.set(domain.domainName, domain);
    this.#changed(domain);
    return domain;
  }

  /** The pool of a cluster; made when first asked for. */
  pool(clusterId: string): FakePool {
    const found = this.#pools.get(clusterId) ?? new FakePool();
    this.#pools.set(clusterId, found);
    return found;
  }

  /** The room in a cluster's pool: what its volumes could grow to is taken, as with thick ones. */
  space(clusterId: string): PoolSpace {
    const volumes = this.pool(clusterId).list();
    const allocatedBytes = volumes.reduce((sum, { capacityBytes }) => sum + capacityBytes, 0);
    return {
      name: `ostler-${clusterId.slice(0, 8)}`,
      capacityBytes: this.#diskBytes,
      allocatedBytes,
      availableBytes: Math.max(0, this.#diskBytes - allocatedBytes),
    };
  }

  /** As if all guests did the same and nobody else did anything. */
  usage(): HostUsage {
    const domains = [...this.domains].filter(({ active }) => active).map((domain) => domain.usage());
    const sum = (what: "cpuTimeMs" | "memoryBytes"): number =>
      domains.reduce((total, usage) => total + usage[what], 0);
    return { host: { cpuTimeMs: sum("cpuTimeMs"), memoryBytes: sum("memoryBytes") }, domains };
  }

  get powered(): boolean {
    return this.#power;
  }

  /** Whether packets pass. */
  get connected(): boolean {
    return this.#cable;
  }

  /** Power loss: processes end, transient domains are gone, definitions and volumes stay. */
  powerOff(): void {
    this.#power = false;
    for (const domain of [...this.domains]) {
      domain.losePower();
      this.#dropIfGone(domain);
      this.witness(domain);
    }
    this.dropLinks("the host went down");
  }

  /** The daemon starts with the host, and what is marked for it starts with the daemon. */
  powerOn(): void {
    this.#power = true;
    for (const domain of this.domains) {
      if (domain.autostart && !domain.active && domain.startFailure === undefined) domain.start();
    }
  }

  /** The cable is cut: calls get no answer, and only after a while the link is known to be lost. */
  cut(): void {
    this.#cable = false;
    this.#keepalive ??= this.#clock.after(keepaliveMs, () => this.dropLinks("no answer to keepalive"));
  }

  heal(): void {
    this.#cable = true;
    this.#keepalive?.cancel();
    this.#keepalive = undefined;
  }

  /** Every connection is lost at once, as when the daemon restarts. Domains live on. */
  dropLinks(why: string): void {
    for (const link of [...this.#links]) {
      link.lose(new UnreachableError("ConnectionLost", `lost the link to host ${this.name}: ${why}`));
    }
  }

  /** Joins a connection. Throws `HostUnreachable` when the host is off. */
  join(link: FakeLink): void {
    if (!this.#power) throw new UnreachableError("NetworkUnreachable", `host ${this.name} is powered off`);
    this.#links.add(link);
  }

  leave(link: FakeLink): void {
    this.#links.delete(link);
  }

  #changed(domain: FakeDomain): void {
    this.#dropIfGone(domain);
    this.witness(domain);
    if (this.faults.dropHints || !this.#cable) return;
    for (const link of this.#links) link.hint({ uid: domain.uid });
  }

  /** A transient domain ends with its process. */
  #dropIfGone(domain: FakeDomain): void {
    if (domain.active || domain.persistent) return;
    this.#domains.delete(domain.uid);
    this.#names.delete(domain.domainName);
  }
}

/** One socket of two threads a core, and all memory in one place. */
function sizeOf({ cpus = 16, memoryBytes = 64 * 2 ** 30 }: FakeHostOptions) {
  const threadsPerCore = cpus % 2 === 0 ? 2 : 1;
  const topology = { model: "fake", sockets: 1, coresPerSocket: cpus / threadsPerCore, threadsPerCore };
  return { cpus, memoryBytes, topology, numa: [{ id: 0, cpus, memoryBytes }] };
}
