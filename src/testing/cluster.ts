import type { Driver } from "../drivers/driver.ts";
import type { FakeDomain } from "../drivers/fake/fake-domain.ts";
import { FakeDriver } from "../drivers/fake/fake-driver.ts";
import type { FakeHost } from "../drivers/fake/fake-host.ts";
import { FakeHypervisor, type NewFakeHost } from "../drivers/fake/fake-hypervisor.ts";
import { Controllers } from "../reconciler/controllers.ts";
import { Manager } from "../reconciler/manager.ts";
import { SharedInformers } from "../reconciler/shared-informers.ts";
import { formatTime } from "../runtime/clock.ts";
import { silentLogger } from "../runtime/logger.ts";
import type { PlacementDesk } from "../scheduler/placement-desk.ts";
import { spread } from "../scheduler/policies.ts";
import { admit, admitStatus } from "../schema/admission.ts";
import { type Host, HostKind } from "../schema/host.ts";
import { type Image, ImageKind } from "../schema/image.ts";
import { InstanceTypeKind } from "../schema/instance-type.ts";
import { type Namespace, NamespaceKind } from "../schema/namespace.ts";
import { PriorityClassKind } from "../schema/priority-class.ts";
import { quotaRules } from "../schema/quota-rules.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { JournaledLog } from "../store/journaled-log.ts";
import { emptyState } from "../store/memory-log.ts";
import { QuotaLedger } from "../store/quota-ledger.ts";
import { ResourceStore } from "../store/resource-store.ts";
import type { Store } from "../store/store.ts";
import { BreakableJournal } from "./breakable-journal.ts";
import { HostInvariants } from "./host-invariants.ts";
import { contentOf, readyStatus } from "./image-content.ts";
import { mutatingVerbs } from "./intercept-driver.ts";
import { ManualClock } from "./manual-clock.ts";
import { persist } from "./persist.ts";
import { SeededRandom } from "./seeded-random.ts";

export interface RecordedEvent {
  readonly machine: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

export interface ClusterOptions {
  /** Hosts to make and to register; one called h1 unless told. */
  readonly hosts?: readonly NewFakeHost[];
  readonly seed?: number;
  /** Stands between the controller and the hosts. */
  readonly wrapDriver?: (driver: Driver) => Driver;
  /** Stands between the controller and the store; clients go past it. */
  readonly wrapStore?: (store: Store) => Store;
}

/** The whole controller with its hosts in memory, on virtual time: what it does is all that happens. */
export class Cluster implements AsyncDisposable {
  static readonly clusterId = "c1c1c1c1-0000-4000-8000-000000000000";
  readonly clock = new ManualClock();
  readonly random: SeededRandom;
  readonly hypervisor: FakeHypervisor;
  readonly invariants: HostInvariants;
  readonly events: RecordedEvent[] = [];
  readonly #options: ClusterOptions;
  readonly #journal = new BreakableJournal();
  readonly #log = new JournaledLog(this.#journal, emptyState, this.clock);
  #store: ResourceStore | undefined;
  #desk: PlacementDesk | undefined;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(options: ClusterOptions) {
    this.#options = options;
    this.random = new SeededRandom(options.seed ?? 1);
    const { clock, random } = this;
    this.hypervisor = new FakeHypervisor({ clock, random, hosts: options.hosts ?? [{ name: "h1" }] });
    this.invariants = new HostInvariants(this.hypervisor, Cluster.clusterId);
  }

  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const cluster = new Cluster(options);
    await cluster.startController();
    const namespace: Namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } };
    await cluster.store.create(NamespaceKind, namespace);
    for (const { name } of cluster.hypervisor.hosts) await cluster.addHost(name);
    await cluster.settle();
    return cluster;
  }

  get store(): ResourceStore {
    if (this.#store === undefined) throw new Error("the controller is not running");
    return this.#store;
  }

  /** Answers questions about placement. */
  get desk(): PlacementDesk {
    if (this.#desk === undefined) throw new Error("the controller is not running");
    return this.#desk;
  }

  /** How many writes the store has taken. */
  get writes(): number {
    return this.#log.revision();
  }

  /** How many calls have arrived at hosts that change something there. */
  get mutations(): number {
    const calls = [...this.hypervisor.hosts].flatMap((host) => [...host.calls]);
    return calls.reduce((sum, [verb, count]) => sum + (mutatingVerbs.has(verb) ? count : 0), 0);
  }

  /** Starts a controller on what the last one left. */
  async startController(): Promise<void> {
    const { clock, random, hypervisor } = this;
    const { wrapDriver = (driver) => driver, wrapStore = (store) => store } = this.#options;
    this.#stop = new AbortController();
    const ledger = new QuotaLedger(quotaRules);
    this.#store = await ResourceStore.open({
      ledger,
      log: this.#log,
      clock,
      random,
      admit,
      admitStatus,
      namespaceKind: NamespaceKind,
    });
    await ledger.fill(this.#store);
    const store = wrapStore(this.#store);
    const informers = new SharedInformers({ store, clock, logger: silentLogger });
    const controllers = new Controllers({
      store,
      informers,
      driver: wrapDriver(this.invariants.watch(new FakeDriver(hypervisor))),
      profile: spread,
      openContent: async (content) => contentOf(content),
      record: (vm, type, reason, message) => {
        this.events.push({ machine: vm.metadata.name, type, reason, message });
      },
      clusterId: Cluster.clusterId,
      clock,
      random,
      logger: silentLogger,
      mayAct: () => this.#log.failure() === undefined,
      resyncMs: 15_000,
    });
    const manager = new Manager({ clock, logger: silentLogger });
    this.#desk = controllers.desks.placement;
    for (const part of [informers, ...controllers.parts]) manager.add(part);
    this.#running = manager.run(this.#stop.signal);
    await this.settle();
  }

  /** Ends the controller; hosts and store stay. */
  async stopController(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#store?.[Symbol.dispose]();
    this.#store = undefined;
  }

  /** From now on the store's disk takes nothing any more. */
  breakStore(fault: string): void {
    this.#journal.fault = fault;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#store !== undefined) await this.stopController();
    await this.#log[Symbol.asyncDispose]();
  }

  /** Lets everything happen that is due now, and up to `ms` later. */
  async settle(ms = 1_000): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Registers a host, all of which is for machines unless told. */
  async addHost(name: string, spec: Partial<Host["spec"]> = {}): Promise<void> {
    const reserved = { cpus: 0, memory: "0", disk: "0" };
    const manifest = {
      apiVersion: "ostler.dev/v1",
      kind: "Host",
      metadata: { name },
      spec: { uri: `fake://${name}`, reserved, ...spec },
    };
    await this.store.create(HostKind, admit(HostKind, manifest));
  }

  async host(name: string): Promise<Host> {
    const host = await this.store.get(HostKind, { name });
    if (host === undefined) throw new Error(`there is no Host ${name}`);
    return host;
  }

  async editHost(name: string, spec: Partial<Host["spec"]>): Promise<void> {
    const host = await this.host(name);
    await this.store.update(HostKind, { ...host, spec: { ...host.spec, ...spec } });
  }

  async addPriorityClass(name: string, value: number): Promise<void> {
    const head = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name } };
    await persist(() => this.store.create(PriorityClassKind, admit(PriorityClassKind, { ...head, value })));
  }

  async addInstanceType(name: string, cpus: number, memory: string): Promise<void> {
    const head = { apiVersion: "ostler.dev/v1", kind: "InstanceType", metadata: { name } };
    await this.store.create(InstanceTypeKind, admit(InstanceTypeKind, { ...head, spec: { cpus, memory } }));
  }

  /** Creates an image; without a digit for its digest it is not ready. */
  async addImage(name: string, digit?: string): Promise<void> {
    const spec = { source: { file: `/images/${name}` } };
    const manifest = { apiVersion: "ostler.dev/v1", kind: "Image", metadata: { name }, spec };
    await this.store.create(ImageKind, admit(ImageKind, manifest));
    if (digit !== undefined) await this.readyImage(name, digit);
  }

  /** Gives an image the content whose digest consists of this hex digit. */
  async readyImage(name: string, digit: string): Promise<void> {
    const image = await this.store.get(ImageKind, { name });
    if (image === undefined) throw new Error(`there is no image ${name}`);
    await this.store.updateStatus<Image>(ImageKind, { ...image, status: readyStatus(digit) });
  }

  /** Creates a small machine; `spec` overrides. */
  async addMachine(name: string, spec: Record<string, unknown> = {}): Promise<VirtualMachine> {
    const size = "instanceType" in spec ? {} : { cpus: 1, memory: "512Mi" };
    const manifest = {
      apiVersion: "ostler.dev/v1",
      kind: "VirtualMachine",
      metadata: { name },
      spec: { ...size, ...spec },
    };
    return this.store.create(VirtualMachineKind, admit(VirtualMachineKind, manifest));
  }

  async findMachine(name: string): Promise<VirtualMachine | undefined> {
    return this.store.get(VirtualMachineKind, { namespace: "default", name });
  }

  async machine(name: string): Promise<VirtualMachine> {
    const vm = await this.findMachine(name);
    if (vm === undefined) throw new Error(`there is no machine ${name}`);
    return vm;
  }

  /** The word that `get` shows for a machine. */
  async word(name: string): Promise<string | undefined> {
    return (await this.machine(name)).status?.printableStatus;
  }

  /** A machine's domain, wherever it is. */
  async domain(name: string): Promise<FakeDomain> {
    const { uid = "" } = (await this.machine(name)).metadata;
    for (const host of this.hypervisor.hosts) {
      const domain = host.findDomain(uid);
      if (domain !== undefined) return domain;
    }
    throw new Error(`machine ${name} has no domain on any host`);
  }

  /** The names of the volumes on a host, in order. */
  volumesOn(host: FakeHost): readonly string[] {
    const volumes = host.pool(Cluster.clusterId).list();
    return volumes.map(({ name }) => name).sort();
  }

  /** Changes a machine's spec as a client would. */
  edit(name: string, spec: Record<string, unknown>): Promise<VirtualMachine> {
    return persist(async () => {
      const vm = await this.machine(name);
      const edited = admit(VirtualMachineKind, { ...vm, spec: { ...vm.spec, ...spec } });
      return this.store.update(VirtualMachineKind, edited);
    });
  }

  /** Writes a person's request into a machine's status, as the API does. */
  ask(name: string, request: "Start" | "Stop" | "Restart" | "Nothing"): Promise<VirtualMachine> {
    const asker = { requestedBy: "admin", requestedAt: formatTime(this.clock.now()) };
    return persist(async () => {
      const vm = await this.machine(name);
      const { runOverride: _before, ...status } = vm.status ?? {};
      const { runStrategy } = vm.spec;
      const asked =
        request === "Restart"
          ? { ...vm.status, restartRequest: asker }
          : request === "Nothing"
            ? status
            : { ...status, runOverride: { action: request, runStrategy, ...asker } };
      return this.store.updateStatus(VirtualMachineKind, { ...vm, status: asked });
    });
  }

  async remove(name: string): Promise<void> {
    await this.store.delete(VirtualMachineKind, { namespace: "default", name });
  }
}
