import { formatKey, keyOf, type ObjectKey, type Resource } from "../schema/meta.ts";

/** The objects of a cache grouped by a property of theirs. */
export interface Index<T> {
  /** The objects that have `value`, in no particular order. */
  get(value: string): readonly T[];
}

/** What controllers may do with a cache: read it. It lags behind the store and never runs ahead of it. */
export interface ReadCache<T extends Resource> {
  readonly size: number;
  get(key: ObjectKey): T | undefined;
  /** All objects, or those of one namespace. */
  list(namespace?: string): readonly T[];
  /** The objects that name the uid in an owner reference. */
  byOwner(uid: string): readonly T[];
  /** Keeps the objects grouped by the values that `valuesOf` finds in them, from now on. */
  addIndex(valuesOf: (object: T) => readonly string[]): Index<T>;
}

/** The objects of one kind in memory, by key and by any number of indexes. Filled by an informer. */
export class IndexedCache<T extends Resource> implements ReadCache<T> {
  readonly #objects = new Map<string, T>();
  readonly #indexes: ObjectIndex<T>[] = [];
  readonly #byNamespace = this.#newIndex(({ metadata }) =>
    metadata.namespace === undefined ? [] : [metadata.namespace],
  );
  readonly #byOwner = this.#newIndex(({ metadata }) =>
    (metadata.ownerReferences ?? []).map(({ uid }) => uid),
  );

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(formatKey(key));
  }

  list(namespace?: string): readonly T[] {
    return namespace === undefined ? [...this.#objects.values()] : this.#byNamespace.get(namespace);
  }

  byOwner(uid: string): readonly T[] {
    return this.#byOwner.get(uid);
  }

  addIndex(valuesOf: (object: T) => readonly string[]): Index<T> {
    return this.#newIndex(valuesOf);
  }

  /** Takes in the newest state of an object and returns the one before it. */
  put(object: T): T | undefined {
    const key = formatKey(keyOf(object));
    const previous = this.#objects.get(key);
    this.#objects.set(key, object);
    for (const index of this.#indexes) index.replace(key, previous, object);
    return previous;
  }

  /** Forgets an object and returns its last state. */
  remove(key: ObjectKey): T | undefined {
    const text = formatKey(key);
    const previous = this.#objects.get(text);
    this.#objects.delete(text);
    for (const index of this.#indexes) index.replace(text, previous, undefined);
    return previous;
  }

  #newIndex(valuesOf: (object: T) => readonly string[]): ObjectIndex<T> {
    const index = new ObjectIndex(this.#objects, valuesOf);
    for (const [key, object] of this.#objects) index.replace(key, undefined, object);
    this.#indexes.push(index);
    return index;
  }
}

const none: readonly string[] = [];

class ObjectIndex<T> implements Index<T> {
  readonly #objects: ReadonlyMap<string, T>;
  readonly #valuesOf: (object: T) => readonly string[];
  /** The keys of the objects: of a new state that belongs where the old one did nothing is to be noted. */
  readonly #groups = new Map<string, Set<string>>();

  constructor(objects: ReadonlyMap<string, T>, valuesOf: (object: T) => readonly string[]) {
    this.#objects = objects;
    this.#valuesOf = valuesOf;
  }

  get(value: string): readonly T[] {
    const found: T[] = [];
    for (const key of this.#groups.get(value) ?? none) {
      const object = this.#objects.get(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  }

  replace(key: string, previous: T | undefined, next: T | undefined): void {
    const before = previous === undefined ? none : this.#valuesOf(previous);
    const after = next === undefined ? none : this.#valuesOf(next);
    // Most changes leave an object where it is.
    if (areSame(before, after)) return;
    for (const value of before) this.#leave(value, key);
    for (const value of after) this.#join(value, key);
  }

  #join(value: string, key: string): void {
    const group = this.#groups.get(value);
    if (group === undefined) this.#groups.set(value, new Set([key]));
    else group.add(key);
  }

  #leave(value: string, key: string): void {
    const group = this.#groups.get(value);
    group?.delete(key);
    if (group?.size === 0) this.#groups.delete(value);
  }
}

function areSame(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}
