import type { Driver } from "./drivers/driver.ts";
import type { ImageStore } from "./images/image-store.ts";
import { Controller } from "./reconciler/controller.ts";
import { Controllers } from "./reconciler/controllers.ts";
import type { Desks } from "./reconciler/desks.ts";
import { EventExpiry } from "./reconciler/event-expiry.ts";
import { EventRecorder } from "./reconciler/events.ts";
import { garbageCollectors } from "./reconciler/garbage/garbage-collector.ts";
import { Restoration } from "./reconciler/host/restoration.ts";
import { contentOpener } from "./reconciler/image/open-content.ts";
import { ImageReconciler } from "./reconciler/image/reconciler.ts";
import type { Part } from "./reconciler/manager.ts";
import { namespaceController } from "./reconciler/namespace-controller.ts";
import { poolController } from "./reconciler/pool/controller.ts";
import { type QuotaUse, quotaController } from "./reconciler/resource-quota.ts";
import { roleAggregation } from "./reconciler/role-aggregation.ts";
import { SharedInformers } from "./reconciler/shared-informers.ts";
import type { Clock } from "./runtime/clock.ts";
import type { Logger } from "./runtime/logger.ts";
import type { Metrics } from "./runtime/metrics.ts";
import type { Random } from "./runtime/random.ts";
import type { Profile } from "./scheduler/framework.ts";
import { EventKind } from "./schema/event.ts";
import { ImageKind } from "./schema/image.ts";
import { keyOf } from "./schema/meta.ts";
import { acceptRestoreAnnotation, NamespaceKind, systemNamespace } from "./schema/namespace.ts";
import { kinds } from "./schema/scheme.ts";
import { SourceKind } from "./schema/source.ts";
import type { FolderFiles } from "./source/folder-files.ts";
import { isOwnReport } from "./source/own-report.ts";
import { SourceReconciler } from "./source/source-reconciler.ts";
import { keepCompacted } from "./store/compaction.ts";
import type { Log } from "./store/log.ts";
import type { Store } from "./store/store.ts";

/** All that the parts have of the outside: what is not here they do not reach. */
export interface PartsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly store: Store;
  readonly log: Pick<Log, "compact" | "revision" | "incarnation">;
  /** Why the store, when it was opened, was found to be older than it should be; undefined: it was not. */
  readonly restored?: string | undefined;
  readonly driver: Driver;
  readonly content: ImageStore;
  /** Where folders of manifests are read; the machine's own file system when absent. */
  readonly files?: FolderFiles;
  readonly clusterId: string;
  /**
   * Whether anything may be changed on hosts: what is done must be written down, before and after. That the
   * store is not older than what hosts carry is found out beside it.
   */
  readonly mayAct: () => boolean;
  readonly resyncMs: number;
  /** What each namespace holds of what quotas limit; absent: nobody keeps account. */
  readonly quotaUse?: QuotaUse | undefined;
  /** How hosts are chosen for machines that name no policy while no PlacementPolicy is called `default`. */
  readonly profile: Profile;
}

/** Long enough for a large image; the next look goes on where the download is. */
const imageDeadlineMs = 3_600_000;

const owned = kinds.filter((kind) => kind.kind !== EventKind.kind);

export interface BuiltParts extends Desks {
  /** Why nothing is changed on hosts although the store takes writes; undefined: it is. */
  readonly whyObserving: () => string | undefined;
  /** All that works in the background, in the order in which it must start. */
  readonly parts: readonly Part[];
  /** Connects to a host now, if it is not connected: something has changed that lets it succeed. */
  readonly retryHost: (hostName: string) => void;
}

/** Joins all that works in the background. */
export function buildParts(options: PartsOptions): BuiltParts {
  const { clock, random, log, store, logger, metrics, content, clusterId, driver, profile } = options;
  const shared = { store, clock, logger, metrics };
  const informers = new SharedInformers(shared);
  const events = new EventRecorder({ store, clock, logger, component: "ostler" });
  const record: EventRecorder["record"] = (...event) => events.record(...event);
  const restoration = watchRestores(options, informers);
  const mayAct = (): boolean => options.mayAct() && restoration.whyNot === undefined;
  const images = new Controller({
    ...shared,
    name: "image",
    reconciler: new ImageReconciler({ store, content, clock }),
    workers: 4,
    deadlineMs: imageDeadlineMs,
  }).watches(informers.get(ImageKind));
  const controllers = new Controllers({
    ...shared,
    informers,
    ...{ driver, profile },
    openContent: contentOpener({
      content,
      imageNamed: (name) => informers.get(ImageKind).cache.get({ name }),
      lookAgain: (name) => images.enqueue({ name }),
    }),
    record,
    clusterId,
    random,
    mayAct,
    restoration,
    resyncMs: options.resyncMs,
  });
  const sourceReconciler = new SourceReconciler({
    store,
    clock,
    record,
    files: options.files,
    enqueue: (key) => sources.enqueue(key),
  });
  const sources = new Controller({ ...shared, name: "source", reconciler: sourceReconciler });
  sources.watches(informers.get(SourceKind), (change) => (isOwnReport(change) ? [] : [keyOf(change.object)]));
  const parts = [
    { name: "compaction", run: (signal: AbortSignal) => keepCompacted({ log, clock }, signal) },
    events,
    new EventExpiry(shared),
    { name: "image content", stop: async () => content[Symbol.asyncDispose]() },
    { name: "folders", stop: () => sourceReconciler[Symbol.asyncDispose]() },
    informers,
    images,
    ...controllers.parts,
    poolController({ ...shared, informers, record, random, mayAct }),
    sources,
    namespaceController({ ...shared, informers, kinds }),
    roleAggregation({ ...shared, informers }),
    ...quotaControllers({ ...shared, informers, kinds }, options.quotaUse),
    ...garbageCollectors({ ...shared, informers, record, kinds: owned }),
  ];
  const retryHost = (hostName: string): void => controllers.retryHost(hostName);
  return { parts, retryHost, whyObserving: () => restoration.whyNot, ...controllers.desks };
}

function quotaControllers(
  shared: Omit<Parameters<typeof quotaController>[0], "used">,
  used: QuotaUse | undefined,
): readonly Part[] {
  return used === undefined ? [] : [quotaController({ ...shared, used })];
}

/** Finds out that the store is older than it should be, and hears when a person accepts that. */
function watchRestores(
  { log, logger, metrics, restored }: PartsOptions,
  informers: SharedInformers,
): Restoration {
  const namespaces = informers.get(NamespaceKind);
  const accepted = (): string | undefined =>
    namespaces.cache.get({ name: systemNamespace })?.metadata.annotations?.[acceptRestoreAnnotation];
  const { incarnation } = log;
  const restoration = new Restoration({ logger, incarnation, atOpen: restored, accepted });
  const help = "Whether nothing is changed on hosts because the store is older than they are.";
  const value = (): number => (restoration.whyNot === undefined ? 0 : 1);
  metrics.watchedGauge({ name: "ostler_observe_only", help }, {}, value);
  return restoration;
}
