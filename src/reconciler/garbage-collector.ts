import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { apiVersionOf, groupResource, type Kind } from "../schema/kind.ts";
import { keyOf, type ObjectKey, type OwnerReference, type Resource } from "../schema/meta.ts";
import type { Store } from "../store/store.ts";
import { Controller } from "./controller.ts";
import { deleteIfThere } from "./deletion.ts";
import type { Reconciler, Result } from "./reconcile.ts";
import type { SharedInformers } from "./shared-informers.ts";

export interface GarbageCollectionOptions {
  readonly store: Pick<Store, "get" | "delete">;
  readonly informers: SharedInformers;
  /** The kinds that are collected and that count as owners. */
  readonly kinds: readonly Kind[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
}

/**
 * Controllers, one for each kind, that delete objects whose owners are all gone (background propagation). An
 * owner is gone when the store, asked at that moment, has no object of its kind and name with its uid. An
 * owner of a kind that is not in the list counts as there: nothing is deleted for want of knowledge.
 */
export function garbageCollectors(options: GarbageCollectionOptions): Controller[] {
  return options.kinds.map((kind) => garbageCollector(kind, options));
}

function garbageCollector(kind: Kind, options: GarbageCollectionOptions): Controller {
  const { informers, clock, logger, metrics } = options;
  const controller = new Controller({
    name: `garbage-collector/${groupResource(kind)}`,
    reconciler: new GarbageCollector(kind, options),
    clock,
    logger,
    ...(metrics === undefined ? {} : { metrics }),
  });
  const dependents = informers.get(kind);
  controller.watches(dependents, ({ type, object }) =>
    type !== "deleted" && ownersOf(object).length > 0 ? [keyOf(object)] : [],
  );
  for (const ownerKind of options.kinds) {
    controller.watches(informers.get(ownerKind), ({ type, object }) =>
      type === "deleted" ? dependents.cache.byOwner(object.metadata.uid ?? "").map(keyOf) : [],
    );
  }
  return controller;
}

class GarbageCollector implements Reconciler {
  readonly #kind: Kind;
  readonly #options: GarbageCollectionOptions;

  constructor(kind: Kind, options: GarbageCollectionOptions) {
    this.#kind = kind;
    this.#options = options;
  }

  async reconcile(key: ObjectKey, _signal: AbortSignal, logger: Logger): Promise<Result> {
    const { store } = this.#options;
    const dependent = await store.get(this.#kind, key);
    if (dependent === undefined || dependent.metadata.deletionTimestamp !== undefined) return {};
    const owners = ownersOf(dependent);
    if (owners.length === 0) return {};
    for (const owner of owners) {
      if (await this.#exists(owner, dependent)) return {};
    }
    const { uid, resourceVersion } = dependent.metadata;
    await deleteIfThere(store, this.#kind, key, { uid, resourceVersion });
    logger.info("deleted for want of an owner", { owner: owners.map(({ name }) => name).join(",") });
    return {};
  }

  async #exists(owner: OwnerReference, dependent: Resource): Promise<boolean> {
    const kind = this.#options.kinds.find(
      (known) => known.kind === owner.kind && apiVersionOf(known) === owner.apiVersion,
    );
    if (kind === undefined) return true;
    const namespace = kind.namespaced ? dependent.metadata.namespace : undefined;
    // A namespaced owner of a cluster-scoped dependent cannot be looked up: no reason to delete.
    if (kind.namespaced && namespace === undefined) return true;
    const found = await this.#options.store.get(kind, { namespace, name: owner.name });
    return found?.metadata.uid === owner.uid;
  }
}

function ownersOf({ metadata }: Resource): readonly OwnerReference[] {
  return metadata.ownerReferences ?? [];
}
