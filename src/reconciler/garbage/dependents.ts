import { hasReason } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import { keyOf, type Resource } from "../../schema/meta.ts";
import type { Store } from "../../store/store.ts";
import type { SharedInformers } from "../shared-informers.ts";
import { ownersOf, withoutOwners } from "./references.ts";

export interface DependentsOptions {
  readonly store: Pick<Store, "get" | "list" | "update">;
  readonly informers: SharedInformers;
  readonly kinds: readonly Kind[];
}

const attemptsMax = 10;

/** Finds the objects that name an owner: quickly in the caches, or for sure in the store. */
export class Dependents {
  readonly #options: DependentsOptions;

  constructor(options: DependentsOptions) {
    this.#options = options;
  }

  /** As the caches have them. */
  shown(owner: Resource): readonly Resource[] {
    const { informers } = this.#options;
    return this.#kindsUnder(owner).flatMap((kind) =>
      informers
        .get(kind)
        .cache.byOwner(owner.metadata.uid ?? "")
        .filter((object) => isUnder(object, owner)),
    );
  }

  /** As the store has them now: reads all that may be a dependent, so ask seldom. */
  async stored(owner: Resource): Promise<readonly (readonly [Kind, Resource])[]> {
    const { namespace, uid } = owner.metadata;
    const found: (readonly [Kind, Resource])[] = [];
    for (const kind of this.#kindsUnder(owner)) {
      const { items } = await this.#options.store.list(kind, namespace === undefined ? {} : { namespace });
      for (const item of items) {
        if (ownersOf(item).some((reference) => reference.uid === uid)) found.push([kind, item]);
      }
    }
    return found;
  }

  /** Makes the object name these owners no more. */
  async untie(kind: Kind, object: Resource, uids: ReadonlySet<string>): Promise<void> {
    const { store } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const fresh = await store.get(kind, keyOf(object));
      if (fresh === undefined || fresh.metadata.uid !== object.metadata.uid) return;
      if (!ownersOf(fresh).some(({ uid }) => uids.has(uid))) return;
      try {
        await store.update(kind, withoutOwners(fresh, uids));
        return;
      } catch (error) {
        if (hasReason(error, "NotFound")) return;
        if (!hasReason(error, "Conflict") || attempt === attemptsMax) throw error;
      }
    }
  }

  /** What lives in no namespace cannot be owned by what lives in one. */
  #kindsUnder({ metadata }: Resource): readonly Kind[] {
    return this.#options.kinds.filter((kind) => metadata.namespace === undefined || kind.namespaced);
  }
}

function isUnder({ metadata }: Resource, owner: Resource): boolean {
  return owner.metadata.namespace === undefined || metadata.namespace === owner.metadata.namespace;
}
