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
  const collectors = options.kinds.map((kind) => garbageCollector(kind, options, context));
  for (const kind of options.kinds) {
    options.informers.get(kind).subscribe((change) => {
      if (!mayMatter(change)) return;
      for (const collector of collectors) collector.hear(kind, change);
    });
  }
  return collectors.map(({ controller }) => controller);
}

interface Collector {
  readonly controller: Controller;
  /** Looks at the objects of the collector's kind that a change of an object of `kind` concerns. */
  hear(kind: Kind, change: Change<Resource>): void;
}

function garbageCollector(own: Kind, options: GarbageCollectionOptions, context: GarbageContext): Collector {
  const { informers, clock, logger, metrics } = options;
  const controller = new Controller({
    name: `garbage-collector/${groupResource(own)}`,
    reconciler: new GarbageCollector(own, context),
    workers,
    clock,
    logger,
    ...(metrics === undefined ? {} : { metrics }),
  });
  const { cache } = informers.get(own);
  const waitingOwners = (object: Resource): readonly ObjectKey[] =>
    ownersOf(object).flatMap((owner) => {
      if (context.owners.kindOf(owner) !== own) return [];
      const { namespace } = object.metadata;
      const found = cache.get(own.namespaced ? { namespace, name: owner.name } : { name: owner.name });
      return found?.metadata.uid === owner.uid && isForegroundEnding(found) ? [keyOf(found)] : [];
    });
  const concerned = (kind: Kind, change: Change<Resource>): readonly ObjectKey[] => [
    ...(kind === own && needsCare(change) ? [keyOf(change.object)] : []),
    ...(freesDependents(change) ? cache.byOwner(change.object.metadata.uid ?? "").map(keyOf) : []),
    ...(freesOwners(change) ? waitingOwners(change.previous ?? change.object) : []),
  ];
  return {
    controller,
    hear(kind, change): void {
      for (const key of concerned(kind, change)) controller.enqueue(key);
    },
  };
}

/** Most changes are of objects that are neither owned nor being deleted: they concern no collector. */
function mayMatter({ type, object, previous }: Change<Resource>): boolean {
  return type === "deleted" || isTied(object) || (previous !== undefined && isTied(previous));
}

/** The object itself is to be looked at. */
function needsCare(change: Change<Resource>): boolean {
  return isTied(change.object) && change.type !== "deleted" && hasNewTies(change);
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
