import type { Clock } from "../runtime/clock.ts";
import { messageOf } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Kind } from "../schema/kind.ts";
import { keyOf, type ObjectKey, type Resource } from "../schema/meta.ts";
import { type Namespace, NamespaceKind, namespaceFinalizer } from "../schema/namespace.ts";
import type { Store } from "../store/store.ts";
import { Controller } from "./controller.ts";
import { deleteAll } from "./deletion.ts";
import type { Change } from "./informer.ts";
import { type NamespaceContent, namespaceConditions } from "./namespace-content.ts";
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
  const { informers, clock, logger, metrics } = options;
  const contents = options.kinds.filter((kind) => kind.namespaced);
  const namespaces = informers.get(NamespaceKind);
  const controller = new Controller({
    name: "namespace",
    reconciler: new NamespaceReconciler(options, contents),
    clock,
    logger,
    ...(metrics === undefined ? {} : { metrics }),
  });
  controller.watches(namespaces, (change) => (isOurConditions(change) ? [] : [keyOf(change.object)]));
  for (const kind of contents) {
    controller.watches(informers.get(kind), ({ type, object }) => {
      const name = object.metadata.namespace ?? "";
      const ending = namespaces.cache.get({ name })?.metadata.deletionTimestamp !== undefined;
      return type === "deleted" && ending ? [{ name }] : [];
    });
  }
  return controller;
}

/** A change of what only this controller writes, other than the phase: it knows. */
function isOurConditions({ type, object, previous }: Change<Namespace>): boolean {
  return (
    type === "modified" &&
    object.status?.phase === previous?.status?.phase &&
    object.metadata.deletionTimestamp === previous?.metadata.deletionTimestamp &&
    object.metadata.generation === previous?.metadata.generation
  );
}

class NamespaceReconciler implements Reconciler {
  readonly #store: Store;
  readonly #contents: readonly Kind[];
  readonly #clock: Clock;

  constructor({ store, clock }: NamespaceControllerOptions, contents: readonly Kind[]) {
    this.#store = store;
    this.#contents = contents;
    this.#clock = clock;
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
    const { left, failure } = await this.#empty(key.name);
    if (failure === undefined && left.every(([, items]) => items.length === 0)) {
      await this.#release(namespace);
      logger.info("namespace deleted");
      return {};
    }
    await this.#tell(namespace, left, failure);
    if (failure !== undefined) throw failure;
    return { requeueAfterMs: lookAgainMs };
  }

  /**
   * Deletes what is in a namespace and finds out what is left of it. Nothing can come into it any more, so
   * that when nothing is left nothing will be; a failure with one kind holds up no other.
   */
  async #empty(namespace: string): Promise<{ readonly left: NamespaceContent; readonly failure: unknown }> {
    const left: (readonly [Kind, readonly Resource[]])[] = [];
    let failure: unknown;
    for (const kind of this.#contents) {
      try {
        const { items } = await this.#store.list(kind, { namespace });
        const remaining = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
        await deleteAll(this.#store, kind, remaining);
        left.push([
          kind,
          remaining.length === 0 ? items : (await this.#store.list(kind, { namespace })).items,
        ]);
      } catch (error) {
        failure ??= error;
      }
    }
    return { left, failure };
  }

  async #tell(namespace: Namespace, left: NamespaceContent, failure: unknown): Promise<void> {
    const before = namespace.status?.conditions ?? [];
    const message = failure === undefined ? undefined : messageOf(failure);
    const conditions = namespaceConditions(before, left, message, this.#clock.now());
    if (conditions === before) return;
    const status = { ...namespace.status, conditions: [...conditions] };
    await this.#store.updateStatus(NamespaceKind, { ...namespace, status });
  }

  async #release(namespace: Namespace): Promise<void> {
    const finalizers = namespace.metadata.finalizers?.filter((name) => name !== namespaceFinalizer) ?? [];
    await this.#store.update(NamespaceKind, {
      ...namespace,
      metadata: { ...namespace.metadata, finalizers },
    });
  }
}
