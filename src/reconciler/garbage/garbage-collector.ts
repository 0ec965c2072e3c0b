import type { Clock } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import { groupResource, type Kind } from "../../schema/kind.ts";
import { keyOf, type ObjectKey, type Resource } from "../../schema/meta.ts";
import type { Store } from "../../store/store.ts";
import { Controller } from "../controller.ts";
import type { EventRecorder } from "../events.ts";
import type { Change } from "../informer.ts";
import type { SharedInformers } from "../shared-informers.ts";
import { Dependents } from "./dependents.ts";
import { Owners } from "./owners.ts";
import { GarbageCollector, type GarbageContext } from "./reconciler.ts";
import { hasNewTies, isForegroundEnding, isOrphaning, ownersOf } from "./references.ts";

export interface GarbageCollectionOptions {
  readonly store: Pick<Store, "get" | "list" | "update" | "delete">;
  readonly informers: SharedInformers;
  /** The kinds that are collected and that count as owners. */
  readonly kinds: readonly Kind[];
  readonly record: EventRecorder["record"];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
}

const workers = 32;

/**
 * Controllers, one for each kind, that do what Kubernetes' garbage collector does: objects whose owners are
 * all gone are deleted; what is deleted in the foreground goes after its dependents; what is deleted with
 * propagation Orphan is no longer named by them. An owner is gone when the store, asked at that moment, has
 * no object of its kind and name with its uid. An owner of a kind that is not in the list counts as there,
 * and so does one in another namespace: nothing is deleted for want of knowledge. Nothing is done while
 * nothing changes.
 */
export function garbageCollectors(options: GarbageCollectionOptions): Controller[] {
  const context = {
    store: options.store,
    owners: new Owners(options),
    dependents: new Dependents(options),
  };
  return options.kinds.map((kind) => garbageCollector(kind, options, context));
}

function garbageCollector(
  kind: Kind,
  options: GarbageCollectionOptions,
  context: GarbageContext,
): Controller {
  const { informers, clock, logger, metrics } = options;
  const controller = new Controller({
    name: `garbage-collector/${groupResource(kind)}`,
    reconciler: new GarbageCollector(kind, context),
    workers,
    clock,
    logger,
    ...(metrics === undefined ? {} : { metrics }),
  });
  const { cache } = informers.get(kind);
  controller.watches(informers.get(kind), (change) =>
    isTied(change.object) && change.type !== "deleted" && hasNewTies(change) ? [keyOf(change.object)] : [],
  );
  const waitingOwners = (object: Resource): readonly ObjectKey[] =>
    ownersOf(object).flatMap((owner) => {
      if (context.owners.kindOf(owner) !== kind) return [];
      const { namespace } = object.metadata;
      const found = cache.get(kind.namespaced ? { namespace, name: owner.name } : { name: owner.name });
      return found?.metadata.uid === owner.uid && isForegroundEnding(found) ? [keyOf(found)] : [];
    });
  for (const other of options.kinds) {
    controller.watches(informers.get(other), (change) => [
      ...(freesDependents(change) ? cache.byOwner(change.object.metadata.uid ?? "").map(keyOf) : []),
      ...(freesOwners(change) ? waitingOwners(change.previous ?? change.object) : []),
    ]);
  }
  return controller;
}

/** It has owners, or is to do something about its dependents. */
function isTied(object: Resource): boolean {
  return ownersOf(object).length > 0 || isForegroundEnding(object) || isOrphaning(object);
}

/** Its dependents may have to go. */
function freesDependents(change: Change<Resource>): boolean {
  return change.type === "deleted" || (isForegroundEnding(change.object) && hasNewTies(change));
}

/** Its owners may have waited for that. */
function freesOwners(change: Change<Resource>): boolean {
  const { type, object, previous } = change;
  if (type !== "deleted" && type !== "modified") return false;
  return ownersOf(previous ?? object).length > 0 && (type === "deleted" || hasNewTies(change));
}
