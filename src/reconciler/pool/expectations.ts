import { formatKey, keyOf, type ObjectKey, type Resource } from "../../schema/meta.ts";

/** The cache that may lag behind. */
export interface Shown {
  /** It shows every write up to this revision. */
  readonly revision: number;
  get(key: ObjectKey): Resource | undefined;
}

/**
 * What this controller has done for one pool and its cache may not show yet. Until it does, the members that
 * the cache shows are not to be counted: who counted them would make or delete twice. What nobody knows the
 * end of is kept as well: a name that may have been taken is tried again before any other, and a member that
 * may be on its way out goes before any other, so that doing it again does not do more.
 */
export class Expectations {
  readonly uid: string;
  /** Names that were asked for and not answered. */
  readonly doubtfulNames = new Set<string>();
  /** Uids whose deletion was asked for and not answered. */
  readonly doubtfulDeletions = new Set<string>();
  #revision = 0;
  /** Objects that are gone: by key, the uid that must not be shown any more. */
  readonly #gone = new Map<string, { readonly key: ObjectKey; readonly uid: string }>();

  constructor(uid: string) {
    this.uid = uid;
  }

  /** This was written, or found in the store. */
  wrote({ metadata }: Resource): void {
    this.#revision = Math.max(this.#revision, Number(metadata.resourceVersion ?? 0));
  }

  /** It is no longer in the store. */
  removed(object: Resource): void {
    const key = keyOf(object);
    this.#gone.set(formatKey(key), { key, uid: object.metadata.uid ?? "" });
  }

  /** Whether the cache shows all that was done; forgets what it shows. */
  isMetBy(shown: Shown): boolean {
    for (const [text, { key, uid }] of this.#gone) {
      if (shown.get(key)?.metadata.uid !== uid) this.#gone.delete(text);
    }
    return this.#gone.size === 0 && shown.revision >= this.#revision;
  }
}

/** The expectations of every pool, by key: a pool that is made anew has none. */
export class AllExpectations {
  readonly #byKey = new Map<string, Expectations>();

  of({ metadata }: Resource): Expectations {
    const key = formatKey(metadata);
    const { uid = "" } = metadata;
    const known = this.#byKey.get(key);
    if (known?.uid === uid) return known;
    const fresh = new Expectations(uid);
    this.#byKey.set(key, fresh);
    return fresh;
  }

  forget(key: ObjectKey): void {
    this.#byKey.delete(formatKey(key));
  }
}
