import type { Clock } from "../runtime/clock.ts";
import { hasReason, StatusError } from "../runtime/errors.ts";
import type { Random } from "../runtime/random.ts";
import { invalid } from "../schema/admission.ts";
import { groupResource, type Kind } from "../schema/kind.ts";
import { keyOf, type ObjectKey, type Resource } from "../schema/meta.ts";
import { type ContinueToken, decodeContinueToken, encodeContinueToken } from "./continue-token.ts";
import { commitWithin, type Ledger } from "./ledger.ts";
import type { Log, Range, RangeOptions } from "./log.ts";
import { ObjectCache, storedText } from "./object-cache.ts";
import { Page } from "./page.ts";
import { prepareDelete } from "./prepare-delete.ts";
import type {
  DeleteOptions,
  ListOptions,
  ResourceList,
  Store,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "./store.ts";
import {
  type Change,
  changeBetween,
  checkKey,
  checkUid,
  conflict,
  nameSuffix,
  objectError,
  prepareCreate,
  prepareStatusUpdate,
  prepareUpdate,
} from "./strategy.ts";
import { WatchCache } from "./watch-cache.ts";

/** What a store is made of. */
export interface ResourceStoreOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  /** Returns a valid copy with defaults, or throws `Invalid`. Must not change its argument. */
  readonly admit: (kind: Kind, resource: Resource) => Resource;
  /** The same where only the status is new; absent: `admit`. */
  readonly admitStatus?: ((kind: Kind, resource: Resource) => Resource) | undefined;
  /** The kind whose objects are the namespaces; absent: any namespace may be used. */
  readonly namespaceKind?: Kind | undefined;
  /** Keeps account of all writes; absent: nothing is limited. */
  readonly ledger?: Ledger | undefined;
}

interface ChangeRequest extends WriteOptions {
  readonly key: ObjectKey;
  /** The resourceVersion that the object must have; absent: any. */
  readonly expected: string | undefined;
  /** Called again with the newer state when another write came first. */
  readonly decide: (before: Resource) => Change;
}

interface Outcome {
  readonly type: Change["type"];
  readonly resource: Resource;
}

const tooOldToContinue =
  "the continue parameter is too old to show a consistent list: start again without it, or read the rest " +
  "as it is now with the one in this answer";

/** How often a write without a resourceVersion is decided anew before it is a `Conflict`. */
const maxAttempts = 100;

/** The semantics of the Store, over any Log. */
export class ResourceStore implements Store, Disposable {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #admit: ResourceStoreOptions["admit"];
  readonly #admitStatus: ResourceStoreOptions["admit"];
  readonly #namespaceKind: Kind | undefined;
  readonly #ledger: Ledger | undefined;
  readonly #objects: ObjectCache;
  readonly #watchCache: WatchCache;

  /** The log stays the caller's: dispose of it after the store. */
  static async open(options: ResourceStoreOptions): Promise<ResourceStore> {
    const objects = new ObjectCache();
    const watchCache = await WatchCache.open(options.log, options.clock, objects);
    return new ResourceStore(options, objects, watchCache);
  }

  private constructor(options: ResourceStoreOptions, objects: ObjectCache, watchCache: WatchCache) {
    this.#log = options.log;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#admit = options.admit;
    this.#admitStatus = options.admitStatus ?? options.admit;
    this.#namespaceKind = options.namespaceKind;
    this.#ledger = options.ledger;
    this.#objects = objects;
    this.#watchCache = watchCache;
  }

  async list<T extends Resource>(kind: Kind<T>, options: ListOptions = {}): Promise<ResourceList<T>> {
    const prefix = prefixOf(kind, options.namespace);
    const token = options.continue ? decodeContinueToken(options.continue, prefix) : undefined;
    const { limit = 0, matches } = options;
    const range = await this.#range(token, {
      prefix,
      after: token?.lastKey,
      revision: token === undefined ? parseRevision(options.resourceVersion) : token.revision,
      limit: limit === 0 || matches !== undefined ? undefined : limit,
    });
    const page = new Page<T>(limit);
    await page.fill(range.records, this.#clock, (record) => {
      const resource = typed(kind, this.#objects.resource(record));
      return matches?.(resource) === false ? undefined : resource;
    });
    return page.list(range.revision, range.remaining);
  }

  async get<T extends Resource>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined> {
    const record = await this.#log.get(logKeyOf(kind, key));
    return record && typed(kind, this.#objects.resource(record));
  }

  async create<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    const suffix = () => nameSuffix(() => this.#random.next());
    for (let attempt = 1; ; attempt += 1) {
      const birth = { uid: this.#random.uuid(), now: this.#clock.now(), suffix };
      const prepared = prepareCreate(kind, resource, birth);
      await this.#checkNamespace(kind, prepared.metadata.namespace, prepared.metadata.name);
      const admitted = this.#admit(kind, prepared);
      const finished = options?.finish?.(admitted, undefined) ?? admitted;
      const created = await this.#insert(kind, finished, options?.dryRun);
      if (created !== undefined) return typed(kind, created);
      if (resource.metadata.name || attempt === maxAttempts) {
        throw objectError("AlreadyExists", kind, prepared.metadata.name, "already exists");
      }
    }
  }

  async update<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    const decide = (before: Resource): Change => {
      const after = this.#admit(kind, prepareUpdate(kind, before, resource));
      const causes = kind.checkUpdate?.(typed(kind, before), typed(kind, after)) ?? [];
      if (causes.length > 0) throw invalid(kind, before, causes);
      return changeBetween(kind, before, options?.finish?.(after, before) ?? after);
    };
    const expected = resource.metadata.resourceVersion;
    const outcome = await this.#change(kind, { ...options, key: keyOf(resource), expected, decide });
    return typed(kind, outcome.resource);
  }

  async updateStatus<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    const decide = (before: Resource): Change => {
      const prepared = prepareStatusUpdate(kind, before, resource);
      const admitted = this.#admitStatus(kind, prepared);
      // Where more than the status was looked at, all else stays as it was nevertheless.
      const isDone = admitted.metadata === prepared.metadata;
      const after = isDone ? admitted : prepareStatusUpdate(kind, before, admitted);
      return changeBetween(kind, before, options?.finish?.(after, before) ?? after);
    };
    const expected = resource.metadata.resourceVersion;
    const outcome = await this.#change(kind, { ...options, key: keyOf(resource), expected, decide });
    return typed(kind, outcome.resource);
  }

  async delete<T extends Resource>(
    kind: Kind<T>,
    key: ObjectKey,
    options: DeleteOptions = {},
  ): Promise<T | undefined> {
    const { uid, resourceVersion } = options.preconditions ?? {};
    const { dryRun, propagation, gracePeriodSeconds } = options;
    const decide = (before: Resource): Change => {
      checkUid(kind, before, uid);
      return prepareDelete(kind, before, { now: this.#clock.now(), propagation, gracePeriodSeconds });
    };
    const outcome = await this.#change(kind, { key, expected: resourceVersion, decide, dryRun });
    return outcome.type === "remove" ? undefined : typed(kind, outcome.resource);
  }

  watch<T extends Resource>(kind: Kind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>> {
    const { namespace, signal, bookmarks } = options;
    const since = parseRevision(options.since);
    const watcher = this.#watchCache.watch({ prefix: prefixOf(kind, namespace), since, signal, bookmarks });
    return watcher.events(
      (event): event is WatchEvent<T> => event.type === "BOOKMARK" || isOf(kind, event.object),
    );
  }

  encoded(resource: Resource): string {
    return this.#objects.encoded(resource);
  }

  /** Ends all watches. */
  [Symbol.dispose](): void {
    this.#watchCache[Symbol.dispose]();
  }

  /** A list that can no longer be read on as it was may be read on as it is: the error says how. */
  async #range(token: ContinueToken | undefined, options: RangeOptions): Promise<Range> {
    try {
      return await this.#log.range(options);
    } catch (cause) {
      if (token === undefined || !hasReason(cause, "Expired")) throw cause;
      const fresh = encodeContinueToken({ revision: undefined, lastKey: token.lastKey });
      throw new StatusError("Expired", tooOldToContinue, { cause, continue: fresh });
    }
  }

  /** Undefined when the name is taken. */
  async #insert(kind: Kind, resource: Resource, dryRun = false): Promise<Resource | undefined> {
    const key = logKeyOf(kind, keyOf(resource));
    const entry = { kind, before: undefined, after: resource };
    if (dryRun) {
      this.#ledger?.reserve(entry)?.cancel();
      return (await this.#log.get(key)) === undefined ? resource : undefined;
    }
    const { value, headLength } = storedText(resource);
    const write = { key, value, expected: 0, foreseen: this.#objects.taker(resource, headLength) };
    const { applied, current } = await commitWithin(this.#ledger, this.#log, { entry, write });
    return applied && current ? this.#objects.written(current, resource, headLength) : undefined;
  }

  async #change(kind: Kind, request: ChangeRequest): Promise<Outcome> {
    const { key, expected, decide, dryRun } = request;
    const logKey = logKeyOf(kind, key);
    let record = await this.#log.get(logKey);
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      if (record === undefined) throw objectError("NotFound", kind, key.name, "not found");
      if (expected && expected !== String(record.revision)) throw conflict(kind, key.name);
      const before = this.#objects.resource(record);
      const change = decide(before);
      if (change.type === "none") return { type: "none", resource: before };
      const entry = { kind, before, after: change.type === "put" ? change.resource : undefined };
      const after = entry.after ?? before;
      if (dryRun) {
        this.#ledger?.reserve(entry)?.cancel();
        return { type: change.type, resource: after };
      }
      const text = entry.after && this.#objects.textFor(entry.after, before);
      const foreseen = text && this.#objects.taker(after, text.headLength);
      const write = { key: logKey, value: text?.value, expected: record.revision, foreseen };
      const result = await commitWithin(this.#ledger, this.#log, { entry, write });
      if (!result.applied) {
        record = result.current;
      } else if (result.current === undefined || text === undefined) {
        return { type: "remove", resource: this.#objects.deleted(record, result.revision) };
      } else {
        return { type: "put", resource: this.#objects.written(result.current, after, text.headLength) };
      }
    }
    throw conflict(kind, key.name);
  }

  async #checkNamespace(kind: Kind, namespace: string | undefined, name: string): Promise<void> {
    if (namespace === undefined || this.#namespaceKind === undefined) return;
    const found = await this.get(this.#namespaceKind, { name: namespace });
    if (found === undefined) throw objectError("NotFound", this.#namespaceKind, namespace, "not found");
    if (found.metadata.deletionTimestamp === undefined) return;
    throw namespaceEnding(kind, name, namespace);
  }
}

function prefixOf(kind: Kind, namespace: string | undefined): string {
  const prefix = `/${kind.group || "core"}/${kind.plural}/`;
  if (!namespace) return prefix;
  if (kind.namespaced && !namespace.includes("/")) return `${prefix}${namespace}/`;
  throw new StatusError("BadRequest", `${kind.plural} are not in a namespace "${namespace}"`);
}

function logKeyOf(kind: Kind, key: ObjectKey): string {
  checkKey(kind, key);
  return `${prefixOf(kind, key.namespace)}${key.name}`;
}

/** The cause is what Kubernetes' controllers look for: nobody needs to try again. */
function namespaceEnding(kind: Kind, name: string, namespace: string): StatusError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const message = `namespace ${namespace} is being terminated`;
  const causes = [{ reason: "NamespaceTerminating", message, field: "metadata.namespace" }];
  return new StatusError("Forbidden", `${groupResource(kind)} "${name}" is forbidden: ${why}`, { causes });
}

function parseRevision(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const revision = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(revision)) return revision;
  throw new StatusError("BadRequest", `invalid resource version "${text}": not a number of this store`);
}

/** What lies under a kind's prefix is of that kind. */
function typed<T extends Resource>(kind: Kind<T>, resource: Resource): T {
  if (isOf(kind, resource)) return resource;
  throw new StatusError("InternalError", `a ${resource.kind} was stored as ${kind.kind}; this is a bug`);
}

function isOf<T extends Resource>(kind: Kind<T>, resource: Resource): resource is T {
  return resource.kind === kind.kind;
}
