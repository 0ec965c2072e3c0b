import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { aggregateRole } from "../schema/mend-roles.ts";
import { keyOf, type ObjectKey } from "../schema/meta.ts";
import { type ClusterRole, ClusterRoleKind } from "../schema/rbac.ts";
import type { Store } from "../store/store.ts";
import type { ReadCache } from "./cache.ts";
import { Controller } from "./controller.ts";
import type { Reconciler, Result } from "./reconcile.ts";
import type { SharedInformers } from "./shared-informers.ts";

export interface RoleAggregationOptions {
  readonly store: Pick<Store, "get" | "update">;
  readonly informers: SharedInformers;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
}

/** Writes into ClusterRoles with an `aggregationRule` the rules of those that it chooses. */
export function roleAggregation(options: RoleAggregationOptions): Controller {
  const { store, informers, clock, logger, metrics } = options;
  const roles = informers.get(ClusterRoleKind);
  const controller = new Controller({
    name: "role-aggregation",
    reconciler: new RoleAggregation(store, roles.cache),
    clock,
    logger,
    ...(metrics === undefined ? {} : { metrics }),
  });
  return controller.watches(roles, () =>
    roles.cache
      .list()
      .filter(({ aggregationRule }) => aggregationRule !== undefined)
      .map(keyOf),
  );
}

class RoleAggregation implements Reconciler {
  readonly #store: RoleAggregationOptions["store"];
  readonly #roles: ReadCache<ClusterRole>;

  constructor(store: RoleAggregationOptions["store"], roles: ReadCache<ClusterRole>) {
    this.#store = store;
    this.#roles = roles;
  }

  /** A role that gathers one that gathers others is right after as many rounds as there are steps. */
  async reconcile(key: ObjectKey, _signal: AbortSignal, logger: Logger): Promise<Result> {
    const role = await this.#store.get(ClusterRoleKind, key);
    const aggregated = role && aggregateRole(role, this.#roles.list());
    if (aggregated === undefined) return {};
    await this.#store.update(ClusterRoleKind, aggregated);
    logger.info("role aggregated", { role: key.name });
    return {};
  }
}
