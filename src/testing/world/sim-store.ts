import { StatusError } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import type { ObjectKey, Resource } from "../../schema/meta.ts";
import type {
  DeleteOptions,
  ListOptions,
  ResourceList,
  Store,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "../../store/store.ts";
import type { Audit } from "./audit.ts";
import type { FaultLedger } from "./fault-ledger.ts";
import type { Network } from "./network.ts";
import type { Process } from "./process.ts";
import type { SimClock } from "./sim-clock.ts";
import { watchThrough } from "./sim-watch.ts";
import type { Stream } from "./stream.ts";

/** What is watched stands still. */
export interface FrozenViews {
  readonly thawed: Promise<void>;
  /** Whether what happened meanwhile is never shown: the watch expires. */
  readonly skips: boolean;
}

export interface SimStoreOptions {
  readonly process: Process;
  readonly store: Store;
  readonly audit: Audit;
  readonly faults: FaultLedger;
  readonly stream: Stream;
  readonly time: SimClock;
  /** Present: the store is elsewhere. Absent: it lives in the process. */
  readonly network?: Network | undefined;
  /** Undefined while what is watched shows. */
  /** Called before an object is deleted. */
  readonly deleting: (process: Process, kind: string, name: string) => void;
  readonly frozen: () => FrozenViews | undefined;
}

/** A write, and over which revision it is meant to be made. */
interface Write {
  readonly verb: string;
  readonly kind: Kind;
  readonly key: ObjectKey;
  readonly seen?: number | undefined;
}

const answerMs = 10_000;

/** A process's way to the store. */
export class SimStore implements Store {
  readonly #options: SimStoreOptions;

  constructor(options: SimStoreOptions) {
    this.#options = options;
  }

  list<T extends Resource>(kind: Kind<T>, options?: ListOptions): Promise<ResourceList<T>> {
    return this.#ask(`list ${kind.plural}`, () => this.#options.store.list(kind, options));
  }

  get<T extends Resource>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined> {
    return this.#read(kind, key);
  }

  create<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    const key = resource.metadata;
    return this.#write({ verb: "create", kind, key }, () =>
      this.#options.store.create(kind, resource, options),
    );
  }

  update<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    const seen = seenBy(resource, options);
    const what = { verb: "update", kind, key: resource.metadata, seen };
    return this.#write(what, () => this.#options.store.update(kind, resource, options));
  }

  updateStatus<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    const seen = seenBy(resource, options);
    const what = { verb: "updateStatus", kind, key: resource.metadata, seen };
    return this.#write(what, () => this.#options.store.updateStatus(kind, resource, options));
  }

  delete<T extends Resource>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions): Promise<T | undefined> {
    this.#options.deleting(this.#options.process, kind.kind, key.name);
    return this.#write({ verb: "delete", kind, key }, () => this.#options.store.delete(kind, key, options));
  }

  watch<T extends Resource>(kind: Kind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>> {
    const { store, faults, stream } = this.#options;
    if (faults.strikes("F4", stream, 0.02, `watch of ${kind.plural} expired`)) return expired(kind.plural);
    return watchThrough(
      this.#checked(kind, options, store.watch(kind, options)),
      this.#options,
      options.signal,
    );
  }

  encoded(resource: Resource): string {
    return this.#options.store.encoded(resource);
  }

  /** D4: what is read. */
  async #read<T extends Resource>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined> {
    const { history } = this.#options.audit;
    const call = history.begin(logKeyOf(kind, key));
    const found = await this.#ask(`get ${kind.singular}`, () => this.#options.store.get(kind, key));
    history.read(call, found === undefined ? undefined : Number(found.metadata.resourceVersion));
    return found;
  }

  /** D3: what is told. */
  async *#checked<T extends Resource>(
    kind: Kind<T>,
    { since, namespace }: WatchOptions,
    events: AsyncIterable<WatchEvent<T>>,
  ): AsyncGenerator<WatchEvent<T>> {
    const { history } = this.#options.audit;
    const from = since === undefined ? undefined : Number(since);
    const check = namespace === undefined ? history.watch(prefixOf(kind), from) : undefined;
    for await (const event of events) {
      if (event.type === "BOOKMARK") check?.bookmark(Number(event.resourceVersion));
      else check?.event(Number(event.object.metadata.resourceVersion));
      yield event;
    }
  }

  async #write<T extends Resource | undefined>(
    { verb, kind, key, seen }: Write,
    perform: () => Promise<T>,
  ): Promise<T> {
    const { process, faults, stream, audit } = this.#options;
    const call = audit.history.begin(logKeyOf(kind, key));
    const what = `${verb} ${kind.singular}`;
    if (!process.survives(`before ${what}`)) return forEver();
    if (kind.kind !== "Lease" && faults.strikes("F11", stream, 0.02, `conflict at ${what}`)) {
      throw new StatusError("Conflict", `${what}: the object has been modified (simulated)`);
    }
    const written = await this.#ask(what, perform);
    if (!process.survives(`after ${what}`)) return forEver();
    const revision = Number(written?.metadata.resourceVersion ?? 0);
    audit.acknowledge({ key: `${what} ${written?.metadata.name ?? ""}`, revision });
    audit.history.wrote(call, written === undefined ? undefined : revision, seen);
    return written;
  }

  /** Within the process at once; else there and back by the network, or no answer in time. */
  async #ask<T>(what: string, perform: () => Promise<T>): Promise<T> {
    const { network, process, time } = this.#options;
    time.watchdog.asked();
    if (!process.isAlive || time.watchdog.hasBitten) return forEver();
    if (network === undefined) {
      try {
        const found = await perform();
        return process.isAlive ? found : forEver();
      } catch (error) {
        if (process.isAlive) throw error;
        return forEver();
      }
    }
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const late = (): void => reject(new StatusError("Timeout", `no answer to ${what} from the store`));
    const timer = process.clock.after(answerMs, late);
    network.send(process.name, "store", what, () => {
      const reply = (settle: () => void): void =>
        network.send("store", process.name, `reply to ${what}`, () => process.deliver(settle));
      perform().then(
        (found) => reply(() => resolve(found)),
        (error: unknown) => reply(() => reject(error)),
      );
    });
    return promise.finally(() => timer.cancel());
  }
}

function seenBy({ metadata }: Resource, { dryRun }: WriteOptions = {}): number | undefined {
  const { resourceVersion } = metadata;
  return resourceVersion === undefined || dryRun === true ? undefined : Number(resourceVersion);
}

function prefixOf(kind: Kind): string {
  return `/${kind.group || "core"}/${kind.plural}/`;
}

function logKeyOf(kind: Kind, { namespace, name }: ObjectKey): string {
  return `${prefixOf(kind)}${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

// biome-ignore lint/correctness/useYield: a stream that fails at once
async function* expired(plural: string): AsyncGenerator<never> {
  throw new StatusError("Expired", `watch of ${plural}: too old resource version (simulated)`);
}

function forEver(): Promise<never> {
  return new Promise(() => undefined);
}
