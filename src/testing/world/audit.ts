import { deepEqual } from "../../runtime/equal.ts";
import { type Host, HostKind } from "../../schema/host.ts";
import type { Lease } from "../../schema/lease.ts";
import type { Resource } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { VirtualMachinePoolKind } from "../../schema/virtual-machine-pool.ts";
import { type Volume, VolumeKind } from "../../schema/volume.ts";
import type { LogEvent, LogRecord } from "../../store/log.ts";
import { History } from "./history.ts";

/** What is known of one object by its durable states. */
interface Life {
  readonly uid: string;
  revision: number;
  generation: number;
  /** With when it is to go, which counts as a change of it. */
  readonly spec: unknown;
}

export type Complain = (id: string, what: string) => void;

const readKinds = [VirtualMachineKind, VirtualMachinePoolKind, HostKind, VolumeKind];

/** What was acknowledged to whoever wrote it. */
interface Acknowledged {
  readonly key: string;
  readonly revision: number;
}

/**
 * Reads along what becomes durable in the store: the truth about what the controller has promised. Checks
 * D1, D2 and D5, and keeps machines and hosts as they are written down, for the invariants on hosts.
 */
export class Audit {
  readonly machines = new Map<string, VirtualMachine>();
  readonly hosts = new Map<string, Host>();
  /** What was written to each key, for what watches and reads tell of it. */
  readonly history: History;
  /** Volumes by uid. */
  readonly volumes = new Map<string, Volume>();
  /** Who holds the lease, and when it was last written. */
  lease: { readonly holder: string; readonly renewedMs: number } = { holder: "nobody", renewedMs: 0 };
  /** Read every kind, not only machines and hosts. */
  readsAll = false;
  /** Uids of machines that were let go. */
  readonly gone = new Set<string>();
  readonly #complain: Complain;
  readonly #now: () => number;
  readonly #lives = new Map<string, Life>();
  readonly #uids = new Set<string>();
  readonly #values: (string | undefined)[] = [];
  readonly #listeners: ((resource: Resource, event: LogEvent) => void)[] = [];
  #revision = 0;
  /** The newest acknowledged write. */
  #acknowledged = 0;
  #writes = 0;

  constructor(complain: Complain, now: () => number) {
    this.#complain = complain;
    this.history = new History(complain);
    this.#now = now;
  }

  get revision(): number {
    return this.#revision;
  }

  /**
   * Writes of anything that says what is or should be; a lease is renewed and events are told all the time.
   */
  get writes(): number {
    return this.#writes;
  }

  /** Called with every durable change; of a deletion with the last state. */
  listen(listener: (resource: Resource, event: LogEvent) => void): void {
    this.#listeners.push(listener);
  }

  durable(events: readonly LogEvent[]): void {
    for (const event of events) this.#take(event);
  }

  /** Somebody was told that this was written. */
  acknowledge({ key, revision }: Acknowledged): void {
    if (revision > this.#revision) {
      this.#complain("D1", `write ${revision} of ${key} was acknowledged, but is not durable`);
    }
    this.#acknowledged = Math.max(this.#acknowledged, revision);
  }

  /** A store was opened that ends at this revision. */
  reopened(revision: number, valueAt: (revision: number) => string | undefined): void {
    if (revision < this.#acknowledged) {
      this.#complain("D1", `the store came back at ${revision}, ${this.#acknowledged} was acknowledged`);
    }
    for (let at = Math.max(1, this.#acknowledged - 50); at <= Math.min(revision, this.#acknowledged); at++) {
      const value = valueAt(at);
      if (value !== undefined && value !== this.#values[at]) this.#complain("D1", `write ${at} has changed`);
    }
    // What nobody was told of may be lost; its revisions are free again.
    this.#revision = Math.min(this.#revision, revision);
    this.history.truncate(revision);
  }

  /** Somebody has brought back an old copy, which holds these: what came after it is forgotten. */
  restored(revision: number, records: Iterable<LogRecord>): void {
    this.#revision = revision;
    this.#acknowledged = Math.min(this.#acknowledged, revision);
    this.history.restored(revision);
    for (const known of [this.machines, this.hosts, this.volumes, this.#lives]) known.clear();
    for (const record of records) {
      if (!this.#isRead(record.key)) {
        this.#lives.set(record.key, { uid: "", generation: 0, spec: "", revision: record.revision });
        continue;
      }
      const resource: Resource & { readonly spec?: unknown } = JSON.parse(record.value);
      const { uid = "", generation = 0, deletionTimestamp = "" } = resource.metadata;
      const spec = [resource.spec, deletionTimestamp];
      this.#lives.set(record.key, { uid, generation, spec, revision: record.revision });
      this.#note(resource, false);
    }
  }

  #take(event: LogEvent): void {
    const { key, revision, current, previous } = event;
    if (revision !== this.#revision + 1) {
      this.#complain("D2", `revision ${revision} of ${key} follows ${this.#revision}`);
    }
    this.#revision = revision;
    this.history.durable(event);
    this.#values[revision] = current?.value;
    const text = (current ?? previous)?.value;
    if (text === undefined) return;
    const life = this.#lives.get(key);
    if ((life?.revision ?? 0) !== (previous?.revision ?? 0) && life !== undefined) {
      this.#complain(
        "D2",
        `write ${revision} of ${key} was made over ${previous?.revision}, not ${life.revision}`,
      );
    }
    if (!key.includes("/leases/") && !key.includes("/events/")) this.#writes += 1;
    if (key.includes("/leases/") && current !== undefined) {
      const lease: Lease = JSON.parse(current.value);
      this.lease = { holder: lease.spec?.holderIdentity ?? "nobody", renewedMs: this.#now() };
    }
    if (!this.#isRead(key)) {
      if (current === undefined) this.#lives.delete(key);
      else this.#lives.set(key, { uid: "", generation: 0, spec: "", revision });
      return;
    }
    const resource: Resource & { readonly spec?: unknown } = JSON.parse(text);
    if (current === undefined) this.#lives.delete(key);
    else this.#live(key, resource, revision, life);
    this.#note(resource, current === undefined);
    for (const listener of this.#listeners) listener(resource, event);
  }

  #isRead(key: string): boolean {
    if (this.readsAll) return !key.includes("/leases/") && !key.includes("/events/");
    return readKinds.some(({ plural }) => key.includes(`/${plural}/`));
  }

  #live(key: string, resource: Resource & { readonly spec?: unknown }, revision: number, life?: Life): void {
    const { uid = "", generation = 0, deletionTimestamp = "" } = resource.metadata;
    const spec = [resource.spec, deletionTimestamp];
    if (life === undefined) {
      if (this.#uids.has(uid)) this.#complain("D5", `uid ${uid} of ${key} was used before`);
      this.#uids.add(uid);
    } else {
      if (life.uid !== uid) this.#complain("D5", `${key} changed its uid`);
      const expected = deepEqual(life.spec, spec) ? life.generation : life.generation + 1;
      if (generation !== expected) {
        this.#complain("D5", `generation of ${key} is ${generation}, should be ${expected}`);
      }
    }
    this.#lives.set(key, { uid, generation, spec, revision });
    const observed = observedGenerationOf(resource);
    if (observed > generation) this.#complain("D5", `${key} has observed ${observed} of ${generation}`);
  }

  #note(resource: Resource, isGone: boolean): void {
    const { uid = "", name } = resource.metadata;
    if (isMachine(resource)) {
      if (isGone) this.gone.add(uid);
      if (isGone) this.machines.delete(uid);
      else this.machines.set(uid, resource);
    } else if (isVolume(resource)) {
      if (isGone) this.volumes.delete(uid);
      else this.volumes.set(uid, resource);
    } else if (isHost(resource)) {
      if (isGone) this.hosts.delete(name);
      else this.hosts.set(name, resource);
    }
  }
}

export function isMachine(resource: Resource): resource is VirtualMachine {
  return resource.kind === VirtualMachineKind.kind;
}

export function isVolume(resource: Resource): resource is Volume {
  return resource.kind === VolumeKind.kind;
}

export function isHost(resource: Resource): resource is Host {
  return resource.kind === HostKind.kind;
}

function observedGenerationOf(resource: Resource): number {
  const status: unknown = "status" in resource ? resource.status : undefined;
  if (typeof status !== "object" || status === null || !("observedGeneration" in status)) return 0;
  return typeof status.observedGeneration === "number" ? status.observedGeneration : 0;
}
