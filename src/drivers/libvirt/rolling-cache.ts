/** Asks for one value; undefined when there is none any more. */
export type Fetch<V> = (key: string) => Promise<V | undefined>;

export interface RollingCacheOptions<V> {
  readonly fetch: Fetch<V>;
  /** How many entries each look asks for again, the oldest first. */
  readonly auditSize: number;
  /** How many fetches a look has under way at once. */
  readonly concurrency: number;
}

interface Fetching<V> {
  readonly done: Promise<V | undefined>;
  stale: boolean;
}

/**
 * Values that change seldom and cost a call each. They are dropped when an event says that they changed, and
 * because events may be missing every look also asks again for some: a change is seen after
 * `size / auditSize` looks at the latest.
 */
export class RollingCache<V> {
  readonly #options: RollingCacheOptions<V>;
  /** The longest untouched first. */
  readonly #values = new Map<string, V>();
  readonly #fetching = new Map<string, Fetching<V>>();
  /** Keys of which nothing is known, though the last look told of all others. */
  readonly #doubts = new Set<string>();
  #hasLooked = false;

  constructor(options: RollingCacheOptions<V>) {
    this.#options = options;
  }

  get size(): number {
    return this.#values.size;
  }

  /** What is remembered, without asking. */
  peek(key: string): V | undefined {
    return this.#values.get(key);
  }

  /** Takes a value from one who has just made it so; what is being fetched meanwhile does not count. */
  put(key: string, value: V): void {
    this.invalidate(key);
    this.#doubts.delete(key);
    this.#values.set(key, value);
  }

  /** Whether the last look did not find the key, and nothing has been said about it since. */
  isAbsent(key: string): boolean {
    return this.#hasLooked && !this.#values.has(key) && !this.#doubts.has(key);
  }

  /** The value, asked for unless remembered. */
  async get(key: string): Promise<V | undefined> {
    return this.#values.get(key) ?? this.fetch(key);
  }

  /** The value, asked for now; who asks while the question is under way gets the same answer. */
  fetch(key: string): Promise<V | undefined> {
    const under = this.#fetching.get(key);
    if (under !== undefined) return under.done;
    const fetching: Fetching<V> = { done: this.#fetch(key, () => fetching), stale: false };
    this.#fetching.set(key, fetching);
    return fetching.done;
  }

  /** Something changed: what is remembered, or is being fetched, does not count any more. */
  invalidate(key: string): void {
    this.#values.delete(key);
    this.#doubts.add(key);
    const fetching = this.#fetching.get(key);
    if (fetching !== undefined) fetching.stale = true;
  }

  /** Anything may have changed. */
  clear(): void {
    this.#hasLooked = false;
    for (const key of [...this.#values.keys(), ...this.#fetching.keys()]) this.invalidate(key);
  }

  /** The values of exactly these keys; forgets all others, asks for new ones and for a few old ones. */
  async look(keys: readonly string[]): Promise<ReadonlyMap<string, V>> {
    const wanted = new Set(keys);
    for (const key of [...this.#values.keys()]) if (!wanted.has(key)) this.#values.delete(key);
    const oldest = [...this.#values.keys().take(this.#options.auditSize)];
    const missing = keys.filter((key) => !this.#values.has(key));
    this.#doubts.clear();
    await this.#fetchAll([...missing, ...oldest]);
    this.#hasLooked = true;
    return new Map(this.#values);
  }

  async #fetchAll(keys: readonly string[]): Promise<void> {
    const queue = keys.values();
    const work = async (): Promise<void> => {
      for (const key of queue) await this.fetch(key);
    };
    await Promise.all(Array.from({ length: this.#options.concurrency }, work));
  }

  async #fetch(key: string, self: () => Fetching<V>): Promise<V | undefined> {
    try {
      for (;;) {
        const value = await this.#options.fetch(key);
        if (self().stale) {
          self().stale = false;
          continue;
        }
        this.#values.delete(key);
        this.#doubts.delete(key);
        if (value !== undefined) this.#values.set(key, value);
        return value;
      }
    } finally {
      this.#fetching.delete(key);
    }
  }
}
