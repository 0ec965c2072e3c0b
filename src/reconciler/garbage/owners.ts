import type { Logger } from "../../runtime/logger.ts";
import { apiVersionOf, groupResource, type Kind } from "../../schema/kind.ts";
import type { OwnerReference, Resource } from "../../schema/meta.ts";
import type { Store } from "../../store/store.ts";
import type { EventRecorder } from "../events.ts";
import { isForegroundEnding } from "./references.ts";

/**
 * What is known of an owner. `there`: it exists, or nobody can say that it does not. `waiting`: it is being
 * deleted and waits for its dependents. `absent`: the store, asked at that moment, has no such object.
 */
export type OwnerState = "there" | "waiting" | "absent";

export interface OwnersOptions {
  readonly store: Pick<Store, "get" | "list">;
  readonly kinds: readonly Kind[];
  readonly record: EventRecorder["record"];
}

const rememberedMax = 10_000;

/** Finds out about owners in the store itself: a cache may not show yet, or still show, what is asked for. */
export class Owners {
  readonly #options: OwnersOptions;
  /** Uids that no object has any more, the newest at the end: uids never come back. */
  readonly #absent = new Set<string>();

  constructor(options: OwnersOptions) {
    this.#options = options;
  }

  /** The kind that a reference names, if it is one of those that are known. */
  kindOf(owner: OwnerReference): Kind | undefined {
    return this.#options.kinds.find(
      (known) => known.kind === owner.kind && apiVersionOf(known) === owner.apiVersion,
    );
  }

  async stateOf(owner: OwnerReference, dependent: Resource, logger: Logger): Promise<OwnerState> {
    const kind = this.kindOf(owner);
    // What cannot be looked up is no reason to delete anything.
    if (kind === undefined) return "there";
    const { namespace } = dependent.metadata;
    if (kind.namespaced && namespace === undefined) {
      this.#tell(dependent, owner, "a namespaced object cannot own a cluster-scoped one", logger);
      return "there";
    }
    const place = kind.namespaced ? { namespace } : {};
    const found = await this.#options.store.get(kind, { ...place, name: owner.name });
    if (found?.metadata.uid === owner.uid) return isForegroundEnding(found) ? "waiting" : "there";
    const other = await this.#findElsewhere(kind, owner.uid);
    if (other === undefined) return "absent";
    const where = [other.metadata.namespace, other.metadata.name].filter((part) => part !== undefined);
    this.#tell(dependent, owner, `its owner is ${groupResource(kind)} "${where.join("/")}"`, logger);
    return "there";
  }

  /** Asked once for each uid: afterwards it is known. */
  async #findElsewhere(kind: Kind, uid: string): Promise<Resource | undefined> {
    if (this.#absent.has(uid)) return undefined;
    const { items } = await this.#options.store.list(kind);
    const found = items.find(({ metadata }) => metadata.uid === uid);
    if (found === undefined) this.#remember(uid);
    return found;
  }

  #remember(uid: string): void {
    this.#absent.add(uid);
    const oldest = this.#absent.size > rememberedMax ? this.#absent.values().next() : undefined;
    if (oldest?.value !== undefined) this.#absent.delete(oldest.value);
  }

  #tell(dependent: Resource, { kind, name, uid }: OwnerReference, why: string, logger: Logger): void {
    const reference = `ownerRef [${kind}, name: ${name}, uid: ${uid}]`;
    const message = `${reference} does not name an owner that it can have: ${why}`;
    this.#options.record(dependent, "Warning", "OwnerRefInvalidNamespace", message);
    logger.warn("owner reference that cannot be", { owner: name });
  }
}
