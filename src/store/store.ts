import type { Kind } from "../schema/kind.ts";
import type { ObjectKey, Resource } from "../schema/meta.ts";

export interface ListOptions {
  /** Only this namespace; all when absent. */
  readonly namespace?: string | undefined;
  /** At most this many objects; 0 or absent: all. The rest follows with `continue`. */
  readonly limit?: number | undefined;
  /**
   * The `continue` of the page before. `BadRequest` if malformed; `Expired` if its revision is compacted,
   * with another by which the rest of the list is read as it is now.
   */
  readonly continue?: string | undefined;
  /** Only what matches: a page is filled with as many of those as there are. */
  readonly matches?: ((resource: Resource) => boolean) | undefined;
  /** The list as it was at this revision. `Expired` when compacted away or never reached. */
  readonly resourceVersion?: string | undefined;
}

export interface ResourceList<T> {
  /** In order of namespace and name. */
  readonly items: readonly T[];
  /** The revision this list is true at, the same for all its pages; watch from here misses nothing. */
  readonly resourceVersion: string;
  /** Asks for the next page; absent on the last one. */
  readonly continue?: string;
  /** How many objects the next pages have; absent on the last one, and when only what matches is listed. */
  readonly remaining?: number;
}

export interface WriteOptions {
  /** Answer as if, but write nothing: a new object then has no resourceVersion, others have the old one. */
  readonly dryRun?: boolean | undefined;
  /**
   * Has the last word on the metadata that is stored: told what would be stored, admitted and complete, and
   * what is stored now, undefined for a new object. Pure; asked again when another write came first.
   */
  readonly finish?: ((after: Resource, before: Resource | undefined) => Resource) | undefined;
}

export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

export interface DeleteOptions extends Pick<WriteOptions, "dryRun"> {
  readonly preconditions?: Preconditions | undefined;
  /**
   * What becomes of the objects that name it as an owner. `Background`: they are deleted after it.
   * `Foreground`: they are deleted, and it stays until those that block its deletion are gone. `Orphan`: they
   * stay, and name it no more. Absent: what its finalizers ask for, else `Background`.
   */
  readonly propagation?: "Background" | "Foreground" | "Orphan" | undefined;
  /** How long it may take to end, for kinds that take their time; absent: as long as the object says. */
  readonly gracePeriodSeconds?: number | undefined;
}

export interface WatchOptions {
  /** Deliver every event after this revision. Absent: only what happens from now on. */
  readonly since?: string | undefined;
  readonly namespace?: string | undefined;
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Deliver BOOKMARK events: the watcher has seen everything up to their resourceVersion. */
  readonly bookmarks?: boolean | undefined;
}

/** DELETED carries the last state, with the resourceVersion of the deletion. */
export type WatchEvent<T> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string };

/**
 * Desired and reported state: one revision counter for all kinds, optimistic concurrency on every write.
 *
 * - A promise of a write resolves only after the write is durable. If the log fails, the write is rejected
 *   with `ServiceUnavailable` and the store is read-only from then on: it never goes on from memory alone.
 * - `metadata.resourceVersion` strictly increases over all objects and survives restarts.
 * - A watch is ordered by revision, without gap or repeat, and can be resumed from any revision it has
 *   delivered. A revision that was compacted away, or that this store has never reached, is `Expired`.
 *   A watcher that does not keep up is ended with `Expired`; list again.
 * - Objects handed out are shared and must not be changed.
 */
export interface Store {
  list<T extends Resource>(kind: Kind<T>, options?: ListOptions): Promise<ResourceList<T>>;

  get<T extends Resource>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined>;

  /**
   * Stores a new object: defaults applied, validated, uid, generation 1 and finalizers set, status dropped.
   * Throws `AlreadyExists`, `Invalid` (with causes), `NotFound` (no such namespace), `Forbidden` (namespace
   * is being deleted), `BadRequest` (wrong kind or scope, no name, a resourceVersion).
   */
  create<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T>;

  /**
   * Replaces everything but status. `metadata.resourceVersion`, if given, must be current, else `Conflict`.
   * Nothing changed: nothing is written, the stored object is returned. The finalizers of its kind stay until
   * an object is being deleted; then removing the last finalizer deletes it. Throws `NotFound`, `Conflict`,
   * `Invalid`, `BadRequest`.
   */
  update<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T>;

  /** Replaces `status` only; the rest of `resource` is ignored and generation stays. Errors as `update`. */
  updateStatus<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T>;

  /**
   * Without finalizers the object is gone on return, and `undefined` is returned. With finalizers it gets a
   * deletionTimestamp and is returned; it vanishes when the last finalizer is removed. Deleting again can
   * change what becomes of its dependents and shorten its time, and is else a no-op. Throws `NotFound`,
   * `Conflict` (preconditions).
   */
  delete<T extends Resource>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions): Promise<T | undefined>;

  /** The watch begins with the call, not with the first read. Events are shared between watchers. */
  watch<T extends Resource>(kind: Kind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;

  /** The JSON text of an object. For objects that this store handed out it costs a copy, no serialisation. */
  encoded(resource: Resource): string;
}
