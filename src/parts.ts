import { homedir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { FakeDriver } from "./drivers/fake/fake-driver.ts";
import type { FakeHypervisor } from "./drivers/fake/fake-hypervisor.ts";
import { LibvirtDriver, type LibvirtDriverOptions } from "./drivers/libvirt/libvirt-driver.ts";
import { DriverRegistry } from "./drivers/registry.ts";
import { httpsFetch } from "./images/https-fetch.ts";
import { ImageSource } from "./images/image-source.ts";
import { isPublicAddress } from "./images/public-address.ts";
import { Controller } from "./reconciler/controller.ts";
import { Controllers } from "./reconciler/controllers.ts";
import { EventExpiry } from "./reconciler/event-expiry.ts";
import { EventRecorder } from "./reconciler/events.ts";
import { garbageCollectors } from "./reconciler/garbage-collector.ts";
import { contentOpener } from "./reconciler/image/open-content.ts";
import { ImageReconciler } from "./reconciler/image/reconciler.ts";
import type { Part } from "./reconciler/manager.ts";
import { namespaceController } from "./reconciler/namespace-controller.ts";
import { SharedInformers } from "./reconciler/shared-informers.ts";
import { systemClock as clock } from "./runtime/clock.ts";
import type { Logger } from "./runtime/logger.ts";
import type { Metrics } from "./runtime/metrics.ts";
import { systemRandom as random } from "./runtime/random.ts";
import { spread } from "./scheduler/policies.ts";
import { EventKind } from "./schema/event.ts";
import { ImageKind } from "./schema/image.ts";
import { kinds } from "./schema/scheme.ts";
import type { ServeConfig } from "./schema/serve-config.ts";
import { SourceKind } from "./schema/source.ts";
import { SourceReconciler } from "./source/source-reconciler.ts";
import { keepCompacted } from "./store/compaction.ts";
import type { Log } from "./store/log.ts";
import type { Store } from "./store/store.ts";

export interface PartsOptions {
  readonly config: ServeConfig;
  readonly stateDirectory: string;
  readonly log: Log;
  readonly store: Store;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clusterId: string;
  readonly hypervisor: FakeHypervisor;
}

/** Long enough for a large image; the next look goes on where the download is. */
const imageDeadlineMs = 3_600_000;
const maxImageBytes = 2 ** 40;

/** All that works in the background, in the order in which it must start. */
export function buildParts(options: PartsOptions): readonly Part[] {
  const { config, log, store, logger, metrics, clusterId, hypervisor } = options;
  const shared = { store, clock, logger, metrics };
  const informers = new SharedInformers(shared);
  const events = new EventRecorder({ store, clock, logger, component: "ostler" });
  const record: EventRecorder["record"] = (...event) => events.record(...event);
  const content = imageContent(options);
  const libvirt = new LibvirtDriver({ clock, random, surroundings: surroundings() });
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
    driver: new DriverRegistry({ fake: new FakeDriver(hypervisor), qemu: libvirt, test: libvirt }),
    profile: spread,
    openContent: contentOpener({
      content,
      imageNamed: (name) => informers.get(ImageKind).cache.get({ name }),
      lookAgain: (name) => images.enqueue({ name }),
    }),
    record,
    clusterId,
    random,
    mayAct: () => log.failure() === undefined,
    resyncMs: config.resyncSeconds * 1000,
  });
  const sourceReconciler = new SourceReconciler({
    store,
    clock,
    record,
    enqueue: (key) => sources.enqueue(key),
  });
  const sources = new Controller({ ...shared, name: "source", reconciler: sourceReconciler });
  sources.watches(informers.get(SourceKind));
  const owned = kinds.filter((kind) => kind.kind !== EventKind.kind);
  return [
    { name: "compaction", run: (signal) => keepCompacted({ log, clock }, signal) },
    events,
    new EventExpiry(shared),
    { name: "image content", stop: () => content[Symbol.asyncDispose]() },
    { name: "folders", stop: () => sourceReconciler[Symbol.asyncDispose]() },
    informers,
    images,
    ...controllers.parts,
    sources,
    namespaceController({ ...shared, informers, kinds }),
    ...garbageCollectors({ ...shared, informers, kinds: owned }),
  ];
}

/** Where SSH finds keys and known hosts, as in a shell of the user who runs this. */
function surroundings(): LibvirtDriverOptions["surroundings"] {
  return { home: homedir(), username: userInfo().username, sshAgent: process.env.SSH_AUTH_SOCK };
}

function imageContent({ config, stateDirectory }: PartsOptions): ImageSource {
  const directory = join(stateDirectory, "images");
  return new ImageSource({
    directories: [directory, ...config.imageDirs.map((path) => resolve(path))],
    downloadDirectory: join(directory, "downloads"),
    fetch: (url, signal) =>
      httpsFetch(url, {
        clock,
        signal,
        maxBytes: maxImageBytes,
        timeoutMs: imageDeadlineMs,
        idleTimeoutMs: 60_000,
        isAllowedAddress: isPublicAddress,
      }),
  });
}
