import { ensureNamespaces } from "../../bootstrap.ts";
import { buildParts, type PartsOptions } from "../../parts.ts";
import { LeaderElection, type LeaderElectionOptions } from "../../reconciler/leader-election.ts";
import { leadersStore } from "../../reconciler/leaders-store.ts";
import { Manager } from "../../reconciler/manager.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import { admit, admitStatus } from "../../schema/admission.ts";
import { LeaseKind } from "../../schema/lease.ts";
import { NamespaceKind, systemNamespace } from "../../schema/namespace.ts";
import type { Journal, JournaledLog } from "../../store/journaled-log.ts";
import { ResourceStore } from "../../store/resource-store.ts";
import type { Store } from "../../store/store.ts";
import { Process } from "./process.ts";
import { SimDriver } from "./sim-driver.ts";
import { SimStore } from "./sim-store.ts";
import type { World } from "./world.ts";

/** Changes what a controller is made of, from outside: how planted bugs get in. */
export interface Tampering {
  readonly parts?: (options: PartsOptions, world: World) => PartsOptions;
  readonly journal?: (journal: Journal, world: World) => Journal;
  readonly election?: (options: LeaderElectionOptions) => LeaderElectionOptions;
  /** Whether a controller takes itself for the leader. */
  readonly leads?: (isLeading: () => boolean) => boolean;
  /** What is between a store and whoever reads and writes it. */
  readonly store?: (store: Store, world: World) => Store;
  /** Called before a store is opened. */
  readonly opening?: (world: World) => void;
}

export interface ReplicaOptions {
  readonly name: string;
  readonly world: World;
  readonly rate: number;
  readonly wallOffsetMs: number;
}

/** What a running controller is made of. */
interface Running {
  readonly process: Process;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  store?: Store;
  log?: JournaledLog;
  election?: LeaderElection;
}

/** The lease that replicas of the controller hold in turn. */
export const leaseKey = { namespace: systemNamespace, name: "ostler" };

/** One controller on a machine of its own: it is started, dies, and is started again, as by systemd. */
export class Replica {
  readonly name: string;
  readonly #options: ReplicaOptions;
  #running: Running | undefined;
  #starts = 0;

  constructor(options: ReplicaOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Undefined while it is down. */
  get process(): Process | undefined {
    return this.#running?.process.isAlive === true ? this.#running.process : undefined;
  }

  /** Where the store lives in the controller: the store, while that runs. */
  get store(): Store | undefined {
    return this.process?.isPaused === false ? this.#running?.store : undefined;
  }

  get identity(): string {
    return `${this.name}-${this.#starts}`;
  }

  get isBroken(): boolean {
    return this.#running?.log?.failure() !== undefined;
  }

  get isLeading(): boolean {
    return this.#running?.election?.isLeading() ?? true;
  }

  start(): void {
    if (this.process !== undefined) return;
    const { world, rate, wallOffsetMs } = this.#options;
    this.#starts += 1;
    const { time } = world;
    const boundary = world.boundary;
    const process = new Process({ name: this.name, time, rate, wallOffsetMs, boundary });
    const abort = new AbortController();
    world.trace.record(time.elapsedMs, `${this.name} starts`);
    const { promise, resolve } = Promise.withResolvers<void>();
    const running: Running = { process, abort, ended: promise };
    this.#running = running;
    // What ends by itself, and has not been killed, is started again.
    void this.#run(running)
      .catch((error: unknown) => this.#fail(process, error))
      .finally(resolve);
  }

  /** Nothing of it goes on. */
  kill(): void {
    const { world } = this.#options;
    if (this.process === undefined) return;
    world.trace.record(world.time.elapsedMs, `${this.name} is killed`);
    this.#running?.process.kill();
    this.#running = undefined;
    world.died();
  }

  /** Ends it in good order; time must go on for that. */
  async stop(): Promise<void> {
    const running = this.#running;
    running?.abort.abort();
    await running?.ended;
  }

  #fail(process: Process, error: unknown): void {
    const { world } = this.#options;
    if (!process.isAlive || this.#running?.process !== process) return;
    world.trace.record(world.time.elapsedMs, `${this.name} ends: ${messageOf(error)}`);
    this.kill();
    world.time.schedule(2_000, () => this.start());
  }

  async #run(running: Running): Promise<void> {
    const { world } = this.#options;
    const { process, abort } = running;
    const { clock } = process;
    const logger = world.loggerOf(process);
    const { log, store } = await this.#openStore(running);
    // What is found on the disk was written by the one before.
    world.watch.firstLooks.started(process);
    const clusterId = await ensureNamespaces(store);
    world.knowCluster(clusterId);
    const manager = new Manager({ clock, logger });
    if (world.isShared) {
      running.election = this.#elect(process, store, logger);
      manager.add(running.election);
    }
    const { election } = running;
    const isLeading = (): boolean => election?.isLeading() !== false;
    const leads = (): boolean => world.tampering.leads?.(isLeading) ?? isLeading();
    const options: PartsOptions = {
      clock,
      random: world.stream(`random of ${this.name} ${this.#starts}`),
      logger,
      metrics: world.queues.metricsOf(process),
      store: election === undefined ? store : leadersStore(store, leads),
      log,
      driver: new SimDriver({ ...world.driverParts, process }),
      content: world.images.open(clock),
      files: world.files,
      profile: world.profile,
      clusterId,
      mayAct: () => log.failure() === undefined && leads(),
      resyncMs: world.resyncMs,
    };
    const { parts } = buildParts(world.tampering.parts?.(options, world) ?? options);
    for (const part of parts) manager.add(part);
    await manager.run(abort.signal);
  }

  async #openStore(running: Running) {
    const { world } = this.#options;
    const { process } = running;
    const { shared } = world;
    const [log, store] = shared === undefined ? await openOnDisk(world, process) : [shared.log, shared.store];
    if (shared === undefined) Object.assign(running, { log, store });
    const network = shared === undefined ? undefined : world.network;
    const sim = new SimStore({ ...world.storeParts, process, store, network });
    return { log, store: sim };
  }

  #elect(process: Process, store: SimStore, logger: Logger): LeaderElection {
    const { clock } = process;
    const { identity } = this;
    const options = { store, kind: LeaseKind, key: leaseKey, identity, clock, logger };
    const { election } = this.#options.world.tampering;
    return new LeaderElection(election?.(options) ?? options);
  }
}

/** Opens the store that is on the world's disk, in this process. */
export async function openOnDisk(world: World, process: Process): Promise<[JournaledLog, Store]> {
  const { clock } = process;
  const { journal, opening } = world.tampering;
  opening?.(world);
  const log = world.disk.open(clock, (inner) => journal?.(inner, world) ?? inner);
  world.audit.reopened(log.revision(), (revision) => world.disk.valueAt(revision));
  const random = world.stream(`uids ${log.revision()} ${world.time.fired}`);
  const admission = { admit, admitStatus, namespaceKind: NamespaceKind };
  const opened = await ResourceStore.open({ log, clock, random, ...admission });
  const store = world.tampering.store?.(opened, world) ?? opened;
  world.follower.follow(store);
  return [log, store];
}
