import type { Driver } from "../drivers/driver.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/logger.ts";
import { type Metrics, silentMetrics } from "../runtime/metrics.ts";
import type { Random } from "../runtime/random.ts";
import type { Profile } from "../scheduler/framework.ts";
import { keyOf } from "../schema/meta.ts";
import type { VirtualMachine } from "../schema/virtual-machine.ts";
import type { Store } from "../store/store.ts";
import { Binder } from "./binding/binder.ts";
import { BinderDesk } from "./binding/desk.ts";
import { BinderFeed } from "./binding/feed.ts";
import { buildCatalog, type Catalog, leftOn, machinesConcernedBy, volumeReference } from "./catalog.ts";
import { Controller } from "./controller.ts";
import type { Desks } from "./desks.ts";
import { Circumstances } from "./host/circumstances.ts";
import { HandshakePacer } from "./host/handshake-pacer.ts";
import { watchHosts } from "./host/host-metrics.ts";
import { HostSession } from "./host/host-session.ts";
import { HostSessions, type SessionFactory } from "./host/host-sessions.ts";
import { Leftovers } from "./host/leftovers.ts";
import { placesPerHost } from "./host/places.ts";
import { HostReconciler } from "./host/reconciler.ts";
import type { Restoration } from "./host/restoration.ts";
import { UsageMeter } from "./host/usage-meter.ts";
import type { Part } from "./manager.ts";
import { isOurStatus } from "./our-status.ts";
import { exponentialBackoff } from "./rate-limiter.ts";
import type { SharedInformers } from "./shared-informers.ts";
import { MachineConsoles } from "./virtual-machine/consoles.ts";
import type { MachineContext, RecordEvent } from "./virtual-machine/context.ts";
import type { OpenContent } from "./virtual-machine/execute.ts";
import { VirtualMachineReconciler } from "./virtual-machine/reconciler.ts";
import { buildVolumeController, volumesOn } from "./volume/controller.ts";

export interface ControllersOptions {
  readonly store: Store;
  readonly informers: SharedInformers;
  readonly driver: Driver;
  /** How hosts are chosen for machines that name no policy while no PlacementPolicy is called `default`. */
  readonly profile: Profile;
  readonly openContent: OpenContent;
  readonly record: RecordEvent;
  readonly clusterId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** Whether anything may be changed on hosts: what is done must be written down, before and after. */
  readonly mayAct: () => boolean;
  /** Told of what hosts carry that is newer than the store; absent: nobody asks. */
  readonly restoration?: Restoration;
  /** How often everything on each host is looked at, events or not. */
  readonly resyncMs: number;
}

/** What may go on at once beside what hosts are asked, which each host limits for itself. */
const spareWorkers = 512;
/** A thousand hosts are connected within a minute, and no login server is flooded. */
const handshakes = { perSecond: 20, burst: 10 };
/** Uploading an image may take long. */
const machineDeadlineMs = 3_600_000;
/** Per object and nothing else: a host on which everything fails must not hold up the retries of others. */
const retries = { baseMs: 100, maxMs: 60_000 };

/** The controllers of machines and hosts, and what calls for a look at which object. */
export class Controllers {
  readonly #options: ControllersOptions;
  readonly #catalog: Catalog;
  readonly #lookups: MachineContext["lookups"];
  readonly #binder: Binder;
  readonly #sessions: HostSessions;
  readonly #leftovers = new Leftovers();
  readonly #circumstances: Circumstances;
  readonly #pacer: HandshakePacer;
  readonly #feed: BinderFeed;
  readonly #hosts: Controller;
  readonly #machines: Controller;
  readonly #volumes: Controller;

  constructor(options: ControllersOptions) {
    this.#options = options;
    this.#catalog = buildCatalog(options.informers);
    this.#lookups = lookupsIn(this.#catalog);
    this.#binder = new Binder({
      clock: options.clock,
      defaultProfile: options.profile,
      onNews: (uid) => this.#enqueueMachine(uid),
      mayPreempt: () => this.#circumstances.mayPreempt,
    });
    this.#circumstances = this.#buildCircumstances();
    this.#pacer = new HandshakePacer({ clock: options.clock, ...handshakes });
    this.#sessions = new HostSessions((...session) => this.#openSession(...session));
    watchHosts(options.metrics ?? silentMetrics, () => this.#sessions.all);
    this.#feed = new BinderFeed({
      binder: this.#binder,
      catalog: this.#catalog,
      sessions: this.#sessions,
      lookups: this.#lookups,
    });
    this.#hosts = this.#buildHosts();
    this.#machines = this.#buildMachines();
    this.#volumes = this.#buildVolumes();
    this.#hosts.watches(this.#catalog.hosts);
    this.#watchForMachines();
  }

  /** To be started after the informers, in this order. */
  get parts(): readonly Part[] {
    const start = async () => this.#circumstances.begin();
    const stop = async () => {
      this.#circumstances.stop();
      await this.#sessions[Symbol.asyncDispose]();
    };
    return [{ name: "host sessions", start, stop }, this.#hosts, this.#machines, this.#volumes];
  }

  get desks(): Desks {
    const { clock, clusterId } = this.#options;
    const { machines } = this.#catalog;
    const machineNamed = (namespace: string, name: string) => machines.cache.get({ namespace, name });
    return {
      placement: new BinderDesk({ binder: this.#binder, lookups: this.#lookups, clock, machineNamed }),
      usage: new UsageMeter(() => this.#sessions.all, clock),
      consoles: new MachineConsoles(this.#sessions, clusterId),
    };
  }

  /** Connects to the host now, if it is not connected: something has changed that lets it succeed. */
  retryHost(hostName: string): void {
    this.#sessions.get(hostName)?.retryNow();
  }

  #openSession(...[hostName, uri, onMention]: Parameters<SessionFactory>): HostSession {
    const { clusterId, driver, clock, random, logger, resyncMs } = this.#options;
    return new HostSession({
      hostName,
      uri,
      onMention,
      clusterId,
      driver,
      clock,
      random,
      logger: logger.with({ host: hostName }),
      pacer: this.#pacer,
      resyncMs,
      onMachine: (uid) => this.#lookAtMachine(hostName, uid),
      onSilence: () => this.#feed.lookAtHost(hostName),
      onHost: () => this.#onHost(hostName),
    });
  }

  #onHost(hostName: string): void {
    const link = this.#sessions.get(hostName)?.link;
    if (link !== undefined) this.#circumstances.noteLink(hostName, link.state);
    this.#feed.lookAtHost(hostName);
    this.#hosts.enqueue({ name: hostName });
    this.#enqueueMachinesOn(hostName);
    for (const vm of this.#catalog.machinesLeftOn.get(hostName)) this.#machines.enqueue(keyOf(vm));
    for (const key of volumesOn(this.#catalog, hostName)) this.#volumes.enqueue(key);
  }

  #buildCircumstances(): Circumstances {
    const { hosts } = this.#catalog;
    const { clock, logger, metrics = silentMetrics } = this.#options;
    return new Circumstances({
      ...{ clock, logger, metrics },
      hosts: () => hosts.cache.list(),
      hostNamed: (name) => hosts.cache.get({ name }),
      onSurveyed: () => {
        const names = hosts.cache.list().map(({ metadata }) => metadata.name);
        for (const name of ["", ...names]) this.#enqueueMachinesOn(name);
      },
      onBrake: (names) => {
        for (const name of names) this.#hosts.enqueue({ name });
        for (const name of names) this.#enqueueMachinesOn(name);
      },
    });
  }

  #enqueueMachinesOn(hostName: string): void {
    for (const vm of this.#catalog.machinesByHost.get(hostName)) this.#machines.enqueue(keyOf(vm));
  }

  #concernedBy(hostName: string): readonly VirtualMachine[] {
    return machinesConcernedBy(this.#catalog, hostName, this.#sessions.get(hostName)?.domains.keys());
  }

  /** A domain that belongs to no machine is the host's matter. */
  #lookAtMachine(hostName: string, uid: string): void {
    if (!this.#enqueueMachine(uid)) this.#hosts.enqueue({ name: hostName });
  }

  /** Whether there is a machine with this uid. */
  #enqueueMachine(uid: string): boolean {
    const known = this.#catalog.machinesByUid.get(uid);
    for (const vm of known) this.#machines.enqueue(keyOf(vm));
    return known.length > 0;
  }

  #buildHosts(): Controller {
    const { store, clusterId, clock, mayAct, record, logger, metrics = silentMetrics } = this.#options;
    const { machinesByUid, machinesByHost, images, hosts } = this.#catalog;
    const reconciler = new HostReconciler({
      store,
      sessions: this.#sessions,
      clusterId,
      clock,
      record,
      circumstances: this.#circumstances,
      restoration: this.#options.restoration,
      hostNamed: (name) => hosts.cache.get({ name }),
      machineOf: (uid) => machinesByUid.get(uid)[0],
      leftOn: (hostName) => leftOn(this.#catalog, hostName),
      machinesOn: (hostName) => machinesByHost.get(hostName),
      images: () => images.cache.list(),
      leftovers: this.#leftovers,
      mayAct,
      enqueue: (name, delayMs) => this.#hosts.enqueue({ name }, delayMs),
    });
    const workers = () => spareWorkers + this.#sessions.size;
    const limits = { workers, rateLimiter: exponentialBackoff(retries) };
    return new Controller({ name: "host", reconciler, clock, logger, metrics, ...limits });
  }

  #buildMachines(): Controller {
    const { store, clusterId, clock, logger, metrics = silentMetrics } = this.#options;
    const { openContent, record, mayAct } = this.#options;
    const { hosts } = this.#catalog;
    const sessions = this.#sessions;
    const hostNamed = (name: string) => hosts.cache.get({ name });
    const reconciler = new VirtualMachineReconciler({
      store,
      sessions,
      lookups: this.#lookups,
      hostNamed,
      placer: this.#binder,
      circumstances: this.#circumstances,
      isRestoreAccepted: () => this.#options.restoration?.isAccepted === true,
      noteLeft: (vm) => this.#feed.noteLeft(vm),
      noteLetGo: (uid) => this.#leftovers.noteLetGo(uid),
      openContent,
      record,
      clusterId,
      clock,
      mayAct,
    });
    const rateLimiter = exponentialBackoff(retries);
    // Hosts that hang hold their places and no more: there is always somebody left for the others.
    const workers = () => spareWorkers + placesPerHost * this.#sessions.size;
    const limits = { workers, deadlineMs: machineDeadlineMs, rateLimiter };
    return new Controller({ name: "virtual-machine", reconciler, clock, logger, metrics, ...limits });
  }

  #buildVolumes(): Controller {
    const { store, clock, logger, metrics = silentMetrics, mayAct } = this.#options;
    return buildVolumeController({
      ...{ store, clock, logger, metrics, mayAct },
      noteLetGo: (uid) => this.#leftovers.noteLetGo(uid),
      catalog: this.#catalog,
      sessions: this.#sessions,
      ledger: this.#binder,
      rateLimiter: exponentialBackoff(retries),
    });
  }

  #watchForMachines(): void {
    const { machines, hosts, images, instanceTypes, volumes, placementPolicies, priorityClasses } =
      this.#catalog;
    const { machinesByReference, machinesByHost } = this.#catalog;
    this.#machines
      .watches(machines, (change) => (isOurStatus(change) ? [] : [keyOf(change.object)]))
      .watches(images, ({ object }) => machinesByReference.get(`image/${object.metadata.name}`).map(keyOf))
      .watches(instanceTypes, ({ object }) =>
        machinesByReference.get(`instanceType/${object.metadata.name}`).map(keyOf),
      )
      .watches(volumes, ({ object }) => machinesByReference.get(volumeReference(keyOf(object))).map(keyOf))
      .watches(hosts, ({ object }) => this.#concernedBy(object.metadata.name).map(keyOf))
      .watches(placementPolicies, () => machinesByHost.get("").map(keyOf))
      .watches(priorityClasses, () => machinesByHost.get("").map(keyOf));
  }
}

/** Where the objects that machines name are found. */
function lookupsIn(catalog: Catalog): MachineContext["lookups"] {
  const { images, instanceTypes, volumes, placementPolicies, priorityClasses } = catalog;
  return {
    instanceType: (name) => instanceTypes.cache.get({ name }),
    image: (name) => images.cache.get({ name }),
    volume: (namespace, name) => volumes.cache.get({ namespace, name }),
    placementPolicy: (name) => placementPolicies.cache.get({ name }),
    priorityClasses: () => priorityClasses.cache.list(),
  };
}
