import { orAborted } from "../../runtime/abort.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { Random } from "../../runtime/random.ts";
import type { Accelerator } from "../../schema/host.ts";
import type { ConsoleOptions, DomainConsole } from "../domain-console.ts";
import type {
  DomainDefinition,
  DomainVolume,
  Hint,
  HostConnection,
  HostFacts,
  LinkHealth,
  ObservedDomain,
  ObservedHost,
  OwnershipMark,
  VolumeContent,
  VolumeReading,
  VolumeSpec,
} from "../driver.ts";
import { HintQueue } from "../hint-queue.ts";
import type { HostUsage } from "../usage.ts";
import { openConsole } from "./console.ts";
import { DomainCache } from "./domain-cache.ts";
import { observeDomain, observeDomains } from "./domain-observer.ts";
import { DomainVerbs } from "./domain-verbs.ts";
import { readVolume } from "./download.ts";
import { AddressReader } from "./guest-addresses.ts";
import { describeHost, type HostSelfDescription } from "./host-facts.ts";
import type { HostLinks } from "./host-links.ts";
import { otherPools, type PoolPlace, poolPlace, poolSpace } from "./pool.ts";
import { Probe } from "./probe.ts";
import { type LibvirtEvent, lifecycleEvent } from "./rpc/event-layouts.ts";
import { StateReader } from "./state-reader.ts";
import { toStatusError } from "./status-error.ts";
import { Uploads } from "./upload.ts";
import { measureUsage } from "./usage.ts";
import { VolumeVerbs } from "./volume-verbs.ts";
import { Volumes } from "./volumes.ts";

/** Events that say that a domain may not be as it was. */
const watchedEvents = [
  "lifecycle",
  "metadataChange",
  "deviceAdded",
  "deviceRemoved",
  "deviceRemovalFailed",
] as const;

/** The detail of a `started` that is an ordinary start. */
const bootedDetail = 0;

/** A host behind libvirt. Joins the parts; each verb's work is done in a file of its own. */
export class LibvirtConnection implements HostConnection {
  readonly closed: Promise<Error>;
  readonly #links: HostLinks;
  readonly #cache: DomainCache;
  readonly #states: StateReader;
  readonly #addresses: AddressReader;
  readonly #verbs: DomainVerbs;
  readonly #volumeVerbs: VolumeVerbs;
  readonly #volumes: Volumes;
  readonly #uploads: Uploads;
  readonly #probe: Probe;
  readonly #hints = new Set<HintQueue>();
  readonly #place: PoolPlace;

  private constructor(links: HostLinks, self: HostSelfDescription, clusterId: string, random: Random) {
    this.#links = links;
    this.#place = poolPlace(clusterId);
    this.#volumes = new Volumes(links, this.#place);
    const { architecture, libvirtVersion } = self;
    const profile = { architecture, libvirtVersion, poolPath: this.#volumes.path };
    this.#cache = new DomainCache(links, profile.poolPath);
    this.#states = new StateReader(links);
    this.#addresses = new AddressReader(links);
    this.#verbs = new DomainVerbs(links, this.#cache, profile);
    const { poolPath } = profile;
    this.#volumeVerbs = new VolumeVerbs({ links, cache: this.#cache, verbs: this.#verbs, poolPath });
    this.#uploads = new Uploads(links, this.#volumes);
    this.#probe = new Probe({
      links,
      cache: this.#cache,
      uploads: this.#uploads,
      profile,
      clusterId,
      random,
    });
    this.closed = links.closed.then((reason) => {
      for (const queue of this.#hints) queue.end();
      return reason;
    });
  }

  /** Owns `links` from here on, also when it fails. */
  static async open(
    links: HostLinks,
    { clusterId, random, signal }: { clusterId: string; random: Random; signal: AbortSignal },
  ): Promise<LibvirtConnection> {
    try {
      const self = await describeHost(links, { signal });
      const connection = new LibvirtConnection(links, self, clusterId, random);
      for (const type of watchedEvents) {
        await links.control.events.subscribe(type, (event) => connection.#receive(event), { signal });
      }
      return connection;
    } catch (error) {
      await links[Symbol.asyncDispose]();
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#links[Symbol.asyncDispose]();
  }

  get health(): LinkHealth {
    return this.#links.health;
  }

  describe(signal: AbortSignal): Promise<HostFacts> {
    return this.#verb("describe the host", signal, async () => {
      const pool = await this.#volumes.ensurePool({ signal });
      const [{ libvirtVersion: _version, ...facts }, space, others] = await Promise.all([
        describeHost(this.#links, { signal }),
        poolSpace(this.#links, pool, { signal }),
        otherPools(this.#links, this.#place, { signal }),
      ]);
      return { ...facts, pool: space, otherPools: others };
    });
  }

  probeAccelerator(accelerator: Accelerator, signal: AbortSignal): Promise<boolean> {
    return this.#verb(`probe ${accelerator}`, signal, () => this.#probe.run(accelerator, signal));
  }

  measure(signal: AbortSignal): Promise<HostUsage> {
    return this.#verb("measure the host", signal, () => measureUsage(this.#links, { signal }));
  }

  observe(signal: AbortSignal): Promise<ObservedHost> {
    return this.#verb("observe the host", signal, async () => {
      const [domains, volumes, pool] = await Promise.all([
        observeDomains(this.#links, this.#cache, { signal }),
        this.#volumes.list({ signal }),
        this.#volumes.space({ signal }),
      ]);
      const addresses = await this.#addresses.read(domains);
      return { domains, volumes, addresses, ...(pool && { pool }) };
    });
  }

  observeDomain(uid: string, signal: AbortSignal): Promise<ObservedDomain | undefined> {
    return this.#verb(`observe domain ${uid}`, signal, () => observeDomain(this.#states, this.#cache, uid));
  }

  defineDomain(definition: DomainDefinition, signal: AbortSignal): Promise<void> {
    return this.#verb(`define domain "${definition.domainName}"`, signal, () =>
      this.#verbs.define(definition, { signal }),
    );
  }

  startDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void> {
    return this.#verb(`start ${nameOf(mark)}`, signal, () => this.#verbs.start(mark, { signal }));
  }

  suspendDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void> {
    return this.#verb(`suspend ${nameOf(mark)}`, signal, () => this.#verbs.suspend(mark, { signal }));
  }

  resumeDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void> {
    return this.#verb(`resume ${nameOf(mark)}`, signal, () => this.#verbs.resume(mark, { signal }));
  }

  shutdownDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void> {
    return this.#verb(`shut down ${nameOf(mark)}`, signal, () => this.#verbs.shutdown(mark, { signal }));
  }

  destroyDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void> {
    return this.#verb(`destroy ${nameOf(mark)}`, signal, () => this.#verbs.destroy(mark, { signal }));
  }

  undefineDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void> {
    return this.#verb(`undefine ${nameOf(mark)}`, signal, () => this.#verbs.undefine(mark, { signal }));
  }

  openConsole(mark: OwnershipMark, { force }: ConsoleOptions, signal: AbortSignal): Promise<DomainConsole> {
    return this.#verb(`open the console of ${nameOf(mark)}`, signal, async () => {
      await this.#verbs.need(mark);
      return openConsole(this.#links, { uid: mark.uid, force }, signal);
    });
  }

  ensureContent(content: VolumeContent, signal: AbortSignal): Promise<void> {
    return this.#verb(`upload volume "${content.volume}"`, signal, () =>
      this.#uploads.ensure(content, signal),
    );
  }

  ensureVolume(spec: VolumeSpec, signal: AbortSignal): Promise<void> {
    return this.#verb(`make volume "${spec.volume}"`, signal, () => this.#volumes.ensure(spec, { signal }));
  }

  deleteVolume(volume: string, signal: AbortSignal): Promise<void> {
    return this.#verb(`delete volume "${volume}"`, signal, () => this.#volumes.delete(volume, { signal }));
  }

  readVolume(volume: string, signal: AbortSignal): Promise<VolumeReading> {
    return this.#verb(`read volume "${volume}"`, signal, () =>
      readVolume(this.#links, this.#volumes, volume, { signal }),
    );
  }

  observeVolumes(uid: string, signal: AbortSignal): Promise<readonly DomainVolume[]> {
    return this.#verb(`observe the volumes of domain ${uid}`, signal, () =>
      this.#volumeVerbs.observe(uid, { signal }),
    );
  }

  attachVolume(mark: OwnershipMark, volume: DomainVolume, signal: AbortSignal): Promise<void> {
    return this.#verb(`attach volume "${volume.volume}" to ${nameOf(mark)}`, signal, () =>
      this.#volumeVerbs.attach(mark, volume, { signal }),
    );
  }

  detachVolume(mark: OwnershipMark, volume: DomainVolume, signal: AbortSignal): Promise<void> {
    return this.#verb(`detach volume "${volume.volume}" from ${nameOf(mark)}`, signal, () =>
      this.#volumeVerbs.detach(mark, volume, { signal }),
    );
  }

  growVolume(mark: OwnershipMark, volume: DomainVolume, bytes: number, signal: AbortSignal): Promise<void> {
    return this.#verb(`grow volume "${volume.volume}" of ${nameOf(mark)}`, signal, async () => {
      await this.#volumeVerbs.grow(mark, volume, bytes, { signal });
      this.#volumes.changed(volume.volume);
    });
  }

  async *hints(signal: AbortSignal): AsyncGenerator<Hint, void, undefined> {
    if (this.#links.ended.aborted) return;
    const queue = new HintQueue();
    this.#hints.add(queue);
    try {
      yield* queue.read(signal);
    } finally {
      this.#hints.delete(queue);
    }
  }

  #receive(event: LibvirtEvent): void {
    if (this.#cache.receive(event)) return;
    for (const queue of this.#hints) queue.push(hintOf(event));
  }

  /** Waits for no verb longer than its caller does, and speaks of errors in the contract's words. */
  async #verb<T>(what: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { ended } = this.#links;
    if (ended.aborted) {
      throw new StatusError("HostUnreachable", `cannot ${what}: the link is lost`, { cause: ended.reason });
    }
    try {
      signal.throwIfAborted();
      return await orAborted(work(), signal);
    } catch (error) {
      throw toStatusError(error, `cannot ${what}`, signal);
    }
  }
}

/** A start is told of whenever we start something; all else is worth a look. */
function hintOf(event: LibvirtEvent): Hint {
  if (!("domain" in event)) return {};
  const { uuid: uid } = event.domain;
  const isBoot =
    event.type === "lifecycle" && event.event === lifecycleEvent.started && event.detail === bootedDetail;
  return isBoot ? { uid, told: { state: "running", reason: "booted" } } : { uid };
}

function nameOf({ namespace, name, uid }: OwnershipMark): string {
  return `domain of ${namespace}/${name} (${uid})`;
}
