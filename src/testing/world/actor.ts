import type { FakeDomain } from "../../drivers/fake/fake-domain.ts";
import { formatTime } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import { admit } from "../../schema/admission.ts";
import { type Host, HostKind } from "../../schema/host.ts";
import { ImageKind } from "../../schema/image.ts";
import { InstanceTypeKind } from "../../schema/instance-type.ts";
import { PriorityClassKind } from "../../schema/priority-class.ts";
import { confirmPruneAnnotation, SourceKind } from "../../schema/source.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { VolumeKind } from "../../schema/volume.ts";
import type { Store } from "../../store/store.ts";
import { persist } from "../persist.ts";
import { standInClock } from "./stand-in-clock.ts";
import { folderPath, type World } from "./world.ts";

/** What a person asks for with `ostler start` and the like. */
export type Ask = "Start" | "Stop" | "Restart" | "Nothing";

const apiVersion = "ostler.dev/v1";
const notServed = new StatusError("ServiceUnavailable", "nobody serves the API now");

/** What people do through the API, each of it as a client would. */
export class Actor {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async addHost(name: string, spec: Partial<Host["spec"]> = {}): Promise<void> {
    const manifest = {
      apiVersion,
      kind: "Host",
      metadata: { name },
      spec: { uri: `fake://${name}`, ...spec },
    };
    await this.#store.create(HostKind, admit(HostKind, manifest));
  }

  async editHost(name: string, spec: Partial<Host["spec"]>): Promise<void> {
    await persist(async () => {
      const host = await this.#store.get(HostKind, { name });
      if (host === undefined) return;
      await this.#store.update(HostKind, { ...host, spec: { ...host.spec, ...spec } });
    });
  }

  async removeHost(name: string): Promise<unknown> {
    return this.#store.delete(HostKind, { name });
  }

  async addImage(name: string, digit: string): Promise<void> {
    this.#world.images.put(`/images/${name}`, digit);
    const spec = { source: { file: `/images/${name}` } };
    await this.#store.create(
      ImageKind,
      admit(ImageKind, { apiVersion, kind: "Image", metadata: { name }, spec }),
    );
  }

  async addInstanceType(name: string, cpus: number, memory: string): Promise<void> {
    const manifest = { apiVersion, kind: "InstanceType", metadata: { name }, spec: { cpus, memory } };
    await this.#store.create(InstanceTypeKind, admit(InstanceTypeKind, manifest));
  }

  async addPriorityClass(name: string, value: number): Promise<void> {
    const manifest = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name }, value };
    await this.#store.create(PriorityClassKind, admit(PriorityClassKind, manifest));
  }

  async addSource(intervalSeconds = 10): Promise<void> {
    const spec = { directory: folderPath, intervalSeconds };
    const manifest = { apiVersion, kind: "Source", metadata: { name: "manifests" }, spec };
    await this.#store.create(SourceKind, admit(SourceKind, manifest));
  }

  async addMachine(name: string, spec: Record<string, unknown> = {}): Promise<void> {
    const size = "instanceType" in spec ? {} : { cpus: 1, memory: "512Mi" };
    const manifest = { apiVersion, kind: "VirtualMachine", metadata: { name }, spec: { ...size, ...spec } };
    await this.#store.create(VirtualMachineKind, admit(VirtualMachineKind, manifest));
  }

  async editMachine(name: string, spec: Record<string, unknown>): Promise<void> {
    await persist(async () => {
      const vm = await this.findMachine(name);
      if (vm === undefined) return;
      const edited = admit(VirtualMachineKind, { ...vm, spec: { ...vm.spec, ...spec } });
      await this.#store.update(VirtualMachineKind, edited);
    });
  }

  async addVolume(name: string, size: string, format = "qcow2"): Promise<void> {
    const manifest = { apiVersion, kind: "Volume", metadata: { name }, spec: { size, format } };
    await this.#store.create(VolumeKind, admit(VolumeKind, manifest));
  }

  async growVolume(name: string, size: string): Promise<void> {
    await persist(async () => {
      const volume = await this.#store.get(VolumeKind, { namespace: "default", name });
      if (volume === undefined) return;
      await this.#store.update(VolumeKind, { ...volume, spec: { ...volume.spec, size } });
    });
  }

  async removeVolume(name: string): Promise<unknown> {
    return this.#store.delete(VolumeKind, { namespace: "default", name });
  }

  async removeMachine(name: string): Promise<unknown> {
    return this.#store.delete(VirtualMachineKind, { namespace: "default", name });
  }

  /** Writes a person's request into a machine's status, as the API does. */
  async ask(name: string, request: Ask): Promise<void> {
    const now = standInClock(this.#world.time).now();
    const asker = { requestedBy: "admin", requestedAt: formatTime(now) };
    await persist(async () => {
      const vm = await this.findMachine(name);
      if (vm === undefined) return;
      const { runOverride: _before, ...status } = vm.status ?? {};
      const { runStrategy } = vm.spec;
      const asked =
        request === "Restart"
          ? { ...vm.status, restartRequest: asker }
          : request === "Nothing"
            ? status
            : { ...status, runOverride: { action: request, runStrategy, ...asker } };
      await this.#store.updateStatus(VirtualMachineKind, { ...vm, status: asked });
    });
  }

  /** Agrees to what the folder's guard holds back. */
  confirmPrune(): Promise<void> {
    return persist(async () => {
      const source = await this.#store.get(SourceKind, { name: "manifests" });
      const hash = source?.status?.pendingPrune?.planHash;
      if (source === undefined || hash === undefined) return;
      const annotations = { ...source.metadata.annotations, [confirmPruneAnnotation]: hash };
      await this.#store.update(SourceKind, { ...source, metadata: { ...source.metadata, annotations } });
    });
  }

  findMachine(name: string): Promise<VirtualMachine | undefined> {
    return this.#store.get(VirtualMachineKind, { namespace: "default", name });
  }

  /** The domain of a machine, wherever it is, if it is anywhere. */
  domainOf(name: string): FakeDomain | undefined {
    const vm = this.#world.audit.machines.values().find(({ metadata }) => metadata.name === name);
    const uid = vm?.metadata.uid ?? "";
    for (const { fake } of this.#world.hosts.values()) {
      const domain = fake.findDomain(uid);
      if (domain !== undefined) return domain;
    }
    return undefined;
  }

  get #store(): Store {
    const { store } = this.#world;
    if (store === undefined) throw notServed;
    return store;
  }
}
