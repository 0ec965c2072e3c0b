import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Kind } from "../schema/kind.ts";
import type { ObjectKey } from "../schema/meta.ts";
import { type Namespace, NamespaceKind, namespaceFinalizer } from "../schema/namespace.ts";
import type { Store } from "../store/store.ts";
import { Controller } from "./controller.ts";
import { deleteAll } from "./deletion.ts";
import type { Reconciler, Result } from "./reconcile.ts";
import type { SharedInformers } from "./shared-informers.ts";

export interface NamespaceControllerOptions {
  readonly store: Store;
  readonly informers: SharedInformers;
  /** Every kind there is; those that live in namespaces are what a namespace can hold. */
  readonly kinds: readonly Kind[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
}

/** Objects with finalizers take their time; their end is heard of, and this is the second look. */
const lookAgainMs = 5000;

/** Empties namespaces that are being deleted, and lets them go when nothing is left in them. */
export function namespaceController(options: NamespaceControllerOptions): Controller {
  const { store, informers, clock, logger, metrics } = options;
  const contents = options.kinds.filter((kind) => kind.namespaced);
  const namespaces = informers.get(NamespaceKind);
  const controller = new Controller({
    name: "namespace",
    reconciler: new NamespaceReconciler(store, contents),
    clock,
    logger,
    ...(metrics === undefined ? {} : { metrics }),
  });
  controller.watches(namespaces);
  for (const kind of contents) {
    controller.watches(informers.get(kind), ({ type, object }) => {
      const name = object.metadata.namespace ?? "";
      const ending = namespaces.cache.get({ name })?.metadata.deletionTimestamp !== undefined;
      return type === "deleted" && ending ? [{ name }] : [];
    });
  }
  return controller;
}

class NamespaceReconciler implements Reconciler {
  readonly #store: Store;
  readonly #contents: readonly Kind[];

  constructor(store: Store, contents: readonly Kind[]) {
    this.#store = store;
    this.#contents = contents;
  }

  async reconcile(key: ObjectKey, _signal: AbortSignal, logger: Logger): Promise<Result> {
    const namespace = await this.#store.get(NamespaceKind, key);
    if (namespace === undefined) return {};
    const ending = namespace.metadata.deletionTimestamp !== undefined;
    const phase = ending ? "Terminating" : "Active";
    if (namespace.status?.phase !== phase) {
      // The write is a change of the namespace, and so brings it here again.
      await this.#store.updateStatus(NamespaceKind, { ...namespace, status: { phase } });
      return {};
    }
    if (!ending || !namespace.metadata.finalizers?.includes(namespaceFinalizer)) return {};
    if (await this.#empty(key.name)) return { requeueAfterMs: lookAgainMs };
    await this.#release(namespace);
    logger.info("namespace deleted");
    return {};
  }

  /** Deletes what is in a namespace; false when nothing was. */
  async #empty(namespace: string): Promise<boolean> {
    let found = false;
    for (const kind of this.#contents) {
      const { items } = await this.#store.list(kind, { namespace });
      found ||= items.length > 0;
      const remaining = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      await deleteAll(this.#store, kind, remaining);
    }
    return found;
  }

  async #release(namespace: Namespace): Promise<void> {
    const finalizers = namespace.metadata.finalizers?.filter((name) => name !== namespaceFinalizer) ?? [];
    await this.#store.update(NamespaceKind, {
      ...namespace,
      metadata: { ...namespace.metadata, finalizers },
    });
  }
}
