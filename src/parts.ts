import type { Driver } from "./drivers/driver.ts";
import type { ImageStore } from "./images/image-store.ts";
import { Controller } from "./reconciler/controller.ts";
import { Controllers } from "./reconciler/controllers.ts";
import { EventExpiry } from "./reconciler/event-expiry.ts";
import { EventRecorder } from "./reconciler/events.ts";
import { garbageCollectors } from "./reconciler/garbage/garbage-collector.ts";
import { contentOpener } from "./reconciler/image/open-content.ts";
import { ImageReconciler } from "./reconciler/image/reconciler.ts";
import type { Part } from "./reconciler/manager.ts";
import { namespaceController } from "./reconciler/namespace-controller.ts";
import { poolController } from "./reconciler/pool/controller.ts";
import { type QuotaUse, quotaController } from "./reconciler/resource-quota.ts";
import { roleAggregation } from "./reconciler/role-aggregation.ts";
import { SharedInformers } from "./reconciler/shared-informers.ts";
import type { MachineConsoles } from "./reconciler/virtual-machine/consoles.ts";
import type { Clock } from "./runtime/clock.ts";
import type { Logger } from "./runtime/logger.ts";
import type { Metrics } from "./runtime/metrics.ts";
import type { Random } from "./runtime/random.ts";
import type { Profile } from "./scheduler/framework.ts";
import type { PlacementDesk } from "./scheduler/placement-desk.ts";
import { EventKind } from "./schema/event.ts";
import { ImageKind } from "./schema/image.ts";
import { kinds } from "./schema/scheme.ts";
import { SourceKind } from "./schema/source.ts";
import type { FolderFiles } from "./source/folder-files.ts";
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
  readonly log: Pick<Log, "compact" | "revision">;
  readonly driver: Driver;
  readonly content: ImageStore;
  /** Where folders of manifests are read; the machine's own file system when absent. */
  readonly files?: FolderFiles;
  readonly clusterId: string;
  /** Whether anything may be changed on hosts: what is done must be written down, before and after. */
  readonly mayAct: () => boolean;
  readonly resyncMs: number;
  /** What each namespace holds of what quotas limit; absent: nobody keeps account. */
  readonly quotaUse?: QuotaUse | undefined;
  /** How hosts are chosen for machines that name no policy while no PlacementPolicy is called `default`. */
  readonly profile: Profile;
}

/** Long enough for a large image; the next look goes on where the download is. */
const imageDeadlineMs = 3_600_000;

export interface BuiltParts {
  /** All that works in the background, in the order in which it must start. */
  readonly parts: readonly Part[];
  /** Connects to a host now, if it is not connected: something has changed that lets it succeed. */
  readonly retryHost: (hostName: string) => void;
  /** Answers questions about placement. */
  readonly placement: PlacementDesk;
  /** The way to the consoles of machines. */
  readonly consoles: MachineConsoles;
}

/** Joins all that works in the background. */
export function buildParts(options: PartsOptions): BuiltParts {
  const { clock, random, log, store, logger, metrics, content, clusterId, quotaUse } = options;
  const shared = { store, clock, logger, metrics };
  const informers = new SharedInformers(shared);
  const events = new EventRecorder({ store, clock, logger, component: "ostler" });
  const record: EventRecorder["record"] = (...event) => events.record(...event);
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
    driver: options.driver,
    profile: options.profile,
    openContent: contentOpener({
      content,
      imageNamed: (name) => informers.get(ImageKind).cache.get({ name }),
      lookAgain: (name) => images.enqueue({ name }),
    }),
    record,
    clusterId,
    random,
    mayAct: options.mayAct,
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
  sources.watches(informers.get(SourceKind));
  const owned = kinds.filter((kind) => kind.kind !== EventKind.kind);
  const parts = [
    { name: "compaction", run: (signal: AbortSignal) => keepCompacted({ log, clock }, signal) },
    events,
    new EventExpiry(shared),
    { name: "image content", stop: async () => content[Symbol.asyncDispose]() },
    { name: "folders", stop: () => sourceReconciler[Symbol.asyncDispose]() },
    informers,
    images,
    ...controllers.parts,
    poolController({ ...shared, informers, record, random, mayAct: options.mayAct }),
    sources,
    namespaceController({ ...shared, informers, kinds }),
    roleAggregation({ ...shared, informers }),
    ...(quotaUse === undefined ? [] : [quotaController({ ...shared, informers, kinds, used: quotaUse })]),
    ...garbageCollectors({ ...shared, informers, record, kinds: owned }),
  ];
  const retryHost = (hostName: string): void => controllers.retryHost(hostName);
  return { parts, retryHost, placement: controllers.desk, consoles: controllers.consoles };
}
