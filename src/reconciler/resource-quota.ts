import type { Clock } from "../runtime/clock.ts";
import { deepEqual } from "../runtime/equal.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Kind } from "../schema/kind.ts";
import { keyOf, type ObjectKey } from "../schema/meta.ts";
import { limitsOf, sizingKinds } from "../schema/quota-usage.ts";
import { formatAmount, type ResourceQuota, ResourceQuotaKind } from "../schema/resource-quota.ts";
import type { Store } from "../store/store.ts";
import { Controller } from "./controller.ts";
import type { Reconciler, Result } from "./reconcile.ts";
import type { SharedInformers } from "./shared-informers.ts";

/** What a namespace holds, by the name under which it is kept. */
export type QuotaUse = (namespace: string) => ReadonlyMap<string, number>;

export interface QuotaControllerOptions {
  readonly store: Pick<Store, "get" | "updateStatus">;
  readonly informers: SharedInformers;
  /** The kinds whose objects may count. */
  readonly kinds: readonly Kind[];
  readonly used: QuotaUse;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
}

/** Many objects come and go at once, and are told of together. */
const burstMs = 250;

/** Writes into quotas how much of them is used. What is admitted is not decided here. */
export function quotaController(options: QuotaControllerOptions): Controller {
  const { store, informers, kinds, used, clock, logger, metrics } = options;
  const quotas = informers.get(ResourceQuotaKind);
  const controller = new Controller({
    name: "resource-quota",
    reconciler: new QuotaReconciler(store, used),
    clock,
    logger,
    ...(metrics === undefined ? {} : { metrics }),
  });
  controller.watches(quotas);
  for (const kind of kinds.filter(({ namespaced }) => namespaced)) {
    informers.get(kind).subscribe(({ object, previous }) => {
      if (previous !== undefined && specOf(previous) === specOf(object)) return;
      for (const quota of quotas.cache.list(object.metadata.namespace ?? "")) {
        controller.enqueue(keyOf(quota), burstMs);
      }
    });
  }
  for (const kind of sizingKinds) {
    informers.get(kind).subscribe(() => {
      for (const quota of quotas.cache.list()) controller.enqueue(keyOf(quota), burstMs);
    });
  }
  return controller;
}

function specOf(object: object): unknown {
  return "spec" in object ? object.spec : undefined;
}

class QuotaReconciler implements Reconciler {
  readonly #store: QuotaControllerOptions["store"];
  readonly #used: QuotaUse;

  constructor(store: QuotaControllerOptions["store"], used: QuotaUse) {
    this.#store = store;
    this.#used = used;
  }

  async reconcile(key: ObjectKey, _signal: AbortSignal, _logger: Logger): Promise<Result> {
    const quota = await this.#store.get(ResourceQuotaKind, key);
    if (quota === undefined) return {};
    const status = quotaStatus(quota, this.#used(key.namespace ?? ""));
    if (!deepEqual(quota.status, status))
      await this.#store.updateStatus(ResourceQuotaKind, { ...quota, status });
    return {};
  }
}

/** What a quota says of itself. */
export function quotaStatus(
  quota: ResourceQuota,
  used: ReadonlyMap<string, number>,
): NonNullable<ResourceQuota["status"]> {
  const { hard = {} } = quota.spec ?? {};
  const entries = limitsOf(quota).map(
    ({ name, kept }) => [name, formatAmount(name, used.get(kept) ?? 0)] as const,
  );
  return { hard, used: Object.fromEntries(entries) };
}
