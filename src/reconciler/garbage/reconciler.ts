import { hasReason } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { Kind } from "../../schema/kind.ts";
import {
  foregroundFinalizer,
  keyOf,
  type ObjectKey,
  type OwnerReference,
  orphanFinalizer,
  type Resource,
} from "../../schema/meta.ts";
import type { DeleteOptions, Store } from "../../store/store.ts";
import { deleteIfThere } from "../deletion.ts";
import type { Reconciler, Result } from "../reconcile.ts";
import type { Dependents } from "./dependents.ts";
import type { OwnerState, Owners } from "./owners.ts";
import { isBlocking, isForegroundEnding, isOrphaning, ownersOf } from "./references.ts";

export interface GarbageContext {
  readonly store: Pick<Store, "get" | "update" | "delete">;
  readonly owners: Owners;
  readonly dependents: Dependents;
}

const lookAgainMs = 1_000;
const attemptsMax = 5;

/**
 * What becomes of one object for want of owners, and of its dependents when it is deleted. Everything is
 * decided by what the store says at that moment; caches only tell where to look.
 */
export class GarbageCollector implements Reconciler {
  readonly #kind: Kind;
  readonly #context: GarbageContext;

  constructor(kind: Kind, context: GarbageContext) {
    this.#kind = kind;
    this.#context = context;
  }

  async reconcile(key: ObjectKey, _signal: AbortSignal, logger: Logger): Promise<Result> {
    const object = await this.#context.store.get(this.#kind, key);
    if (object === undefined) return {};
    if (isOrphaning(object)) return this.#orphan(object, logger);
    if (isForegroundEnding(object)) return this.#awaitDependents(object, logger);
    if (object.metadata.deletionTimestamp !== undefined || ownersOf(object).length === 0) return {};
    return this.#judge(key, object, logger);
  }

  /** One owner that is there is enough; then it names the others no more. Without any it is deleted. */
  async #judge(key: ObjectKey, object: Resource, logger: Logger): Promise<Result> {
    const { store, owners, dependents } = this.#context;
    const states = new Map<OwnerReference, OwnerState>();
    for (const owner of ownersOf(object)) states.set(owner, await owners.stateOf(owner, object, logger));
    const all = [...states];
    if (all.some(([, state]) => state === "there")) {
      const gone = all.filter(([, state]) => state !== "there").map(([{ uid }]) => uid);
      if (gone.length > 0) await dependents.untie(this.#kind, object, new Set(gone));
      return {};
    }
    const isAwaited = all.some(([, state]) => state === "waiting");
    const own = dependents.shown(object);
    if (isAwaited && own.some(isForegroundEnding)) await this.#unblock(object);
    const { uid, resourceVersion } = object.metadata;
    const propagation = isAwaited && own.length > 0 ? "Foreground" : undefined;
    const options: DeleteOptions = propagation === undefined ? {} : { propagation };
    // Who has unblocked it has written it anew.
    const preconditions = isAwaited && own.some(isForegroundEnding) ? { uid } : { uid, resourceVersion };
    await deleteIfThere(store, this.#kind, key, preconditions, options);
    logger.info("deleted for want of an owner", { owner: all.map(([{ name }]) => name).join(",") });
    return {};
  }

  /** Owners in a circle, each waiting for the other, would wait for ever. */
  async #unblock(object: Resource): Promise<void> {
    const ownerReferences = ownersOf(object).map((owner) => ({ ...owner, blockOwnerDeletion: false }));
    await this.#context.store.update(this.#kind, {
      ...object,
      metadata: { ...object.metadata, ownerReferences },
    });
  }

  /** Its dependents are deleted each by itself; those that block it must be gone, by the store's word. */
  async #awaitDependents(object: Resource, logger: Logger): Promise<Result> {
    const { dependents } = this.#context;
    const { uid = "" } = object.metadata;
    if (dependents.shown(object).some((one) => isBlocking(one, uid))) return {};
    const stored = await dependents.stored(object);
    if (stored.some(([, one]) => isBlocking(one, uid))) return { requeueAfterMs: lookAgainMs };
    await this.#release(object, foregroundFinalizer);
    logger.info("its dependents are gone");
    return {};
  }

  /** Its dependents stay, and name it no more. */
  async #orphan(object: Resource, logger: Logger): Promise<Result> {
    const { dependents } = this.#context;
    const uids = new Set([object.metadata.uid ?? ""]);
    const stored = await dependents.stored(object);
    for (const [kind, one] of stored) await dependents.untie(kind, one, uids);
    await this.#release(object, orphanFinalizer);
    logger.info("its dependents were left", { dependents: stored.length });
    return {};
  }

  /** Whoever else writes to it meanwhile does not make it less true. */
  async #release(object: Resource, finalizer: string): Promise<void> {
    const { store } = this.#context;
    let current = object;
    for (let attempt = 1; ; attempt += 1) {
      const finalizers = current.metadata.finalizers?.filter((name) => name !== finalizer) ?? [];
      try {
        await store.update(this.#kind, { ...current, metadata: { ...current.metadata, finalizers } });
        return;
      } catch (error) {
        if (!hasReason(error, "Conflict") || attempt === attemptsMax) throw error;
      }
      const fresh = await store.get(this.#kind, keyOf(object));
      if (fresh === undefined || fresh.metadata.uid !== object.metadata.uid) return;
      current = fresh;
    }
  }
}
