import type { Driver, VolumeContent } from "../drivers/driver.ts";
import { FakeDriver } from "../drivers/fake/fake-driver.ts";
import { FakeHypervisor, type NewFakeHost } from "../drivers/fake/fake-hypervisor.ts";
import { Controllers } from "../reconciler/controllers.ts";
import { Manager } from "../reconciler/manager.ts";
import { SharedInformers } from "../reconciler/shared-informers.ts";
import type { ContentRef } from "../reconciler/virtual-machine/actions.ts";
import { silentLogger } from "../runtime/logger.ts";
import { spread } from "../scheduler/policies.ts";
import { admit } from "../schema/admission.ts";
import { type Host, HostKind } from "../schema/host.ts";
import type { Kind } from "../schema/kind.ts";
import type { Resource } from "../schema/meta.ts";
import { type Namespace, NamespaceKind } from "../schema/namespace.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { openMemoryLog } from "../store/memory-log.ts";
import { ResourceStore } from "../store/resource-store.ts";
import { ManualClock } from "./manual-clock.ts";
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
}

/** The whole controller in memory, on virtual time, with hosts in memory: what it does is all that happens. */
export class Cluster implements AsyncDisposable {
  static readonly clusterId = "c1c1c1c1-0000-4000-8000-000000000000";
  readonly clock = new ManualClock();
  readonly random: SeededRandom;
  readonly hypervisor: FakeHypervisor;
  readonly events: RecordedEvent[] = [];
  readonly #options: ClusterOptions;
  readonly #log = openMemoryLog(this.clock);
  #store: ResourceStore | undefined;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(options: ClusterOptions) {
    this.#options = options;
    this.random = new SeededRandom(options.seed ?? 1);
    const { clock, random } = this;
    this.hypervisor = new FakeHypervisor({ clock, random, hosts: options.hosts ?? [{ name: "h1" }] });
  }

  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const cluster = new Cluster(options);
    await cluster.startController();
    await cluster.create(NamespaceKind, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "default" },
    } satisfies Namespace);
    for (const { name } of cluster.hypervisor.hosts) await cluster.addHost(name);
    await cluster.settle();
    return cluster;
  }

  get store(): ResourceStore {
    if (this.#store === undefined) throw new Error("the controller is not running");
    return this.#store;
  }

  /** Starts a controller on what the last one left. */
  async startController(): Promise<void> {
    const { clock, random, hypervisor } = this;
    this.#stop = new AbortController();
    this.#store = await ResourceStore.open({
      log: this.#log,
      clock,
      random,
      admit,
      namespaceKind: NamespaceKind,
    });
    const informers = new SharedInformers({ store: this.#store, clock, logger: silentLogger });
    const driver = new FakeDriver(hypervisor);
    const controllers = new Controllers({
      store: this.#store,
      informers,
      driver: this.#options.wrapDriver?.(driver) ?? driver,
      profile: spread,
      openContent: async (content) => contentOf(content),
      record: (vm, type, reason, message) => {
        this.events.push({ machine: vm.metadata.name, type, reason, message });
      },
      clusterId: Cluster.clusterId,
      clock,
      random,
      logger: silentLogger,
      resyncMs: 15_000,
    });
    const manager = new Manager({ clock, logger: silentLogger });
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

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#store !== undefined) await this.stopController();
    await this.#log[Symbol.asyncDispose]();
  }

  /** Lets everything happen that is due now, and up to `ms` later. */
  async settle(ms = 1_000): Promise<void> {
    await this.clock.advance(ms);
  }

  create<T extends Resource>(kind: Kind<T>, resource: T): Promise<T> {
    return this.store.create(kind, resource);
  }

  async addHost(name: string, spec: Partial<Host["spec"]> = {}): Promise<void> {
    await this.store.create(
      HostKind,
      admit(HostKind, {
        apiVersion: "ostler.dev/v1",
        kind: "Host",
        metadata: { name },
        spec: { uri: `fake://${name}`, ...spec },
      }),
    );
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

  /** Changes a machine's spec as a client would. */
  async edit(name: string, spec: Record<string, unknown>): Promise<VirtualMachine> {
    const vm = await this.machine(name);
    return this.store.update(
      VirtualMachineKind,
      admit(VirtualMachineKind, { ...vm, spec: { ...vm.spec, ...spec } }),
    );
  }

  async editStatus(name: string, status: Partial<NonNullable<VirtualMachine["status"]>>): Promise<void> {
    const vm = await this.machine(name);
    await this.store.updateStatus(VirtualMachineKind, { ...vm, status: { ...vm.status, ...status } });
  }

  async remove(name: string): Promise<void> {
    await this.store.delete(VirtualMachineKind, { namespace: "default", name });
  }
}

function contentOf({ volume, format }: ContentRef): VolumeContent {
  const bytes = new TextEncoder().encode(volume);
  return {
    volume,
    format,
    sizeBytes: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}
