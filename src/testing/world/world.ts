import { FakeHypervisor, type NewFakeHost } from "../../drivers/fake/fake-hypervisor.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { Profile } from "../../scheduler/framework.ts";
import { compilePolicy } from "../../scheduler/policies.ts";
import type { JournaledLog } from "../../store/journaled-log.ts";
import type { Store } from "../../store/store.ts";
import { Audit } from "./audit.ts";
import { FaultLedger } from "./fault-ledger.ts";
import { Follower } from "./follower.ts";
import { HostWatch } from "./host-watch.ts";
import { Network } from "./network.ts";
import { PoolWatch } from "./pool-watch.ts";
import { Process } from "./process.ts";
import { QueueWatch } from "./queue-watch.ts";
import { RateWatch } from "./rate-watch.ts";
import { openOnDisk, Replica, type Tampering } from "./replica.ts";
import { SimClock } from "./sim-clock.ts";
import { SimDisk } from "./sim-disk.ts";
import type { SimDriverOptions } from "./sim-driver.ts";
import { SimFiles } from "./sim-files.ts";
import { SimHost } from "./sim-host.ts";
import { SimImages } from "./sim-images.ts";
import { type FrozenViews, SimStore, type SimStoreOptions } from "./sim-store.ts";
import { standInClock } from "./stand-in-clock.ts";
import { StoryLogger } from "./story-logger.ts";
import { type Stream, streamOf } from "./stream.ts";
import { Trace } from "./trace.ts";
import type { Breach, WorldOptions } from "./world-options.ts";

/** So long others respect a lease. */
const leaseMs = 15_000;

/** Where the manifests are. */
export const folderPath = "/manifests";

/**
 * The whole controller with everything around it in memory, on virtual time: what its seed and its options
 * say is all that happens. See docs/reference/simulation.md.
 */
export class World {
  readonly time: SimClock;
  readonly trace: Trace;
  readonly faults: FaultLedger;
  readonly network: Network;
  readonly hypervisor: FakeHypervisor;
  readonly hosts = new Map<string, SimHost>();
  /** Who answers under which URI. */
  readonly addresses = new Map<string, SimHost>();
  readonly audit: Audit;
  readonly follower: Follower;
  readonly pools: PoolWatch;
  readonly queues: QueueWatch;
  readonly rates: RateWatch;
  readonly disk: SimDisk;
  readonly files: SimFiles;
  readonly images = new SimImages();
  readonly watch: HostWatch;
  readonly replicas: readonly Replica[];
  readonly breaches: Breach[] = [];
  /** The uids of domains for which somebody has set autostart by hand. */
  readonly autostarted = new Set<string>();
  readonly tampering: Tampering;
  readonly resyncMs: number;
  readonly profile: Profile;
  readonly boundary: (process: Process, what: string) => void;
  /** Where several replicas share a store: that. */
  shared: { readonly log: JournaledLog; readonly store: Store } | undefined;
  clusterId = "";
  /** Called before an object is deleted. */
  deleting: (process: Process, kind: string, name: string) => void = () => {};
  readonly #options: WorldOptions;
  readonly #client: Process;
  readonly #storeProcess: Process;
  readonly #driverStream: Stream;
  readonly #storeStream: Stream;
  #lives = 0;
  #frozenViews: (FrozenViews & { readonly thaw: () => void }) | undefined;

  private constructor(options: WorldOptions) {
    this.#options = options;
    this.tampering = options.tampering ?? {};
    this.profile = compilePolicy({ type: options.policy ?? "Spread" });
    this.resyncMs = options.resyncMs ?? 15_000;
    this.boundary = options.boundary ?? ((process, what) => this.#passBoundary(process, what));
    this.#driverStream = this.stream("hosts");
    this.#storeStream = this.stream("store");
    this.time = new SimClock(this.stream("scheduling"));
    this.trace = new Trace(options.transcript);
    this.faults = new FaultLedger(options.rates ?? new Map(), (what) => this.note(what));
    this.network = new Network(this.time, this.stream("network"), this.faults, 2);
    this.audit = new Audit(this.complain, () => this.time.elapsedMs);
    this.follower = new Follower(this.audit);
    const { audit, complain } = this;
    const now = (): number => this.time.elapsedMs;
    this.pools = new PoolWatch({ audit, complain, now, isShared: () => this.isShared });
    this.rates = new RateWatch({ complain, now });
    this.queues = new QueueWatch({ complain, now });
    this.disk = new SimDisk({ durable: (events) => this.audit.durable(events) });
    const clock = standInClock(this.time);
    this.files = new SimFiles(folderPath, () => clock.now());
    this.hypervisor = new FakeHypervisor({ clock, random: this.stream("host identities") });
    this.watch = new HostWatch(this);
    this.#client = new Process({ name: "client", time: this.time });
    this.#storeProcess = new Process({ name: "store", time: this.time });
    this.replicas = this.#makeReplicas(options.replicas ?? 1);
    this.disk.onDeath = () => this.killAll();
    for (const host of options.hosts) this.addHost(host);
    this.audit.listen((resource, event) => {
      const { kind, metadata } = resource;
      this.rates.seen(metadata.uid ?? "", () => `${kind} ${metadata.name} is written`);
      const verb =
        event.current === undefined ? "deleted" : event.previous === undefined ? "created" : "written";
      this.note(`${event.revision} ${kind} ${metadata.name} ${verb}`);
    });
  }

  static async start(options: WorldOptions): Promise<World> {
    const world = new World(options);
    options.onStart?.(world);
    if (world.isShared) {
      const [log, store] = await openOnDisk(world, world.#storeProcess);
      world.shared = { log, store };
    }
    for (const replica of world.replicas) replica.start();
    await world.time.runFor(1_000);
    return world;
  }

  get isShared(): boolean {
    return (this.#options.replicas ?? 1) > 1;
  }

  /** The way of clients to the store; undefined while nobody serves it. */
  get store(): Store | undefined {
    const store = this.shared?.store ?? this.replicas[0]?.store;
    if (store === undefined) return undefined;
    return new SimStore({ ...this.storeParts, process: this.#client, store, frozen: () => undefined });
  }

  get driverParts(): Omit<SimDriverOptions, "process"> {
    const { time, faults, watch: witness, addresses } = this;
    const stream = this.#driverStream;
    return { time, faults, stream, witness, resolve: (uri) => addresses.get(uri.replace(/\/$/, "")) };
  }

  get storeParts(): Omit<SimStoreOptions, "process" | "store"> {
    const { audit, faults, time } = this;
    const stream = this.#storeStream;
    const deleting: World["deleting"] = (process, kind, name) => {
      if (process.name === "client") this.pools.byHand.add(name);
      else if (kind === "VirtualMachine") this.pools.deleting(name);
      this.deleting(process, kind, name);
    };
    return { audit, faults, time, stream, deleting, frozen: () => this.#frozenViews };
  }

  get seed(): number {
    return this.#options.seed;
  }

  stream(part: string): Stream {
    return streamOf(this.#options.seed, part);
  }

  note(what: string): void {
    this.trace.record(this.time.elapsedMs, what);
  }

  readonly complain = (id: string, what: string): void => {
    if (this.breaches.length >= 50) return;
    this.breaches.push({ id, what, atMs: this.time.elapsedMs });
    this.note(`BREACH of ${id}: ${what}`);
  };

  /** Why a process must not act on hosts now; undefined when it may. */
  whyNotLeading(process: Process): string | undefined {
    if (!this.isShared) return undefined;
    const replica = this.replicas.find((candidate) => candidate.process === process);
    if (replica === undefined) return "it is no running replica";
    if (!replica.isLeading) return "its lead has run out";
    const { holder, renewedMs } = this.audit.lease;
    if (holder !== replica.identity) return `${holder} holds the lease`;
    const sinceMs = this.time.elapsedMs - renewedMs;
    return sinceMs > leaseMs ? `its lease was renewed ${Math.round(sinceMs)} ms ago` : undefined;
  }

  knowCluster(clusterId: string): void {
    this.clusterId = clusterId;
  }

  loggerOf(process: Process): Logger {
    return new StoryLogger(this.#options.story, () => this.time.elapsedMs, { process: process.name });
  }

  addHost(options: NewFakeHost): SimHost {
    const host = new SimHost(this.hypervisor.addHost(options), this.network);
    this.hosts.set(host.name, host);
    this.addresses.set(`fake://${host.name}`, host);
    this.watch.watchHost(host);
    return host;
  }

  host(name: string): SimHost {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`there is no host ${name}`);
    return host;
  }

  /** What is watched shows no news until `thawViews`, and then, if so told, only what came of them. */
  freezeViews(skips = false): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#frozenViews ??= { thawed: promise, thaw: resolve, skips };
  }

  thawViews(): void {
    this.#frozenViews?.thaw();
    this.#frozenViews = undefined;
  }

  /** The machine on which the store is has lost its power, with whatever runs there. */
  killAll(): void {
    for (const replica of this.replicas) replica.kill();
  }

  /** A process with the store in it has died: what was frozen to it is gone. */
  died(): void {
    if (!this.isShared) this.thawViews();
  }

  /** A controller dies at the so manieth moment from now on at which it can. */
  dieAt(count: number): void {
    this.#lives = count;
  }

  /** Ends some trouble after a while; in the calm all of it has ended already. */
  later(delayMs: number, end: () => void): void {
    this.time.schedule(delayMs, () => {
      if (this.faults.isActive) end();
    });
  }

  /** Everything that was broken is whole again. */
  heal(): void {
    this.faults.isActive = false;
    this.queues.calm();
    this.#lives = 0;
    this.thawViews();
    this.disk.mend();
    this.network.healAll();
    for (const host of this.hosts.values()) this.#healHost(host);
    for (const replica of this.replicas) {
      replica.process?.resume();
      if (replica.isBroken) replica.kill();
      replica.start();
    }
  }

  #healHost(host: SimHost): void {
    host.heal();
    const address = `fake://${host.name}`;
    if (this.addresses.get(address) === host) return;
    this.addresses.set(address, host);
    host.restartDaemon();
  }

  #passBoundary(process: Process, what: string): void {
    if (this.#lives === 0) return;
    this.#lives -= 1;
    if (this.#lives > 0) return;
    const replica = this.replicas.find((candidate) => candidate.process === process);
    if (replica === undefined) return;
    this.faults.fired("F1", `${replica.name} dies ${what}`);
    replica.kill();
    this.time.schedule(2_000, () => replica.start());
  }

  #makeReplicas(count: number): readonly Replica[] {
    const stream = this.stream("clocks");
    const drifts = this.faults.isEnabled("F8");
    return Array.from({ length: count }, (_, index) => {
      const name = `controller-${index + 1}`;
      const rate = drifts ? stream.between(0.9, 1.1) : 1;
      return new Replica({
        name,
        world: this,
        rate,
        wallOffsetMs: drifts ? stream.between(-5_000, 5_000) : 0,
      });
    });
  }
}
