/** What was made last for each key, for as long as its version is the same. The oldest keys are forgotten. */
export class Latest<T> {
  readonly #made = new Map<string, { readonly version: number; readonly value: T }>();
  readonly #maxKeys: number;

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
  }

  /** The value that was made for this key and version, or a new one. */
  get(key: string, version: number, make: () => T): T {
    const known = this.#made.get(key);
    if (known?.version === version) return known.value;
    const value = make();
    this.#made.delete(key);
    const [oldest] = this.#made.size < this.#maxKeys ? [] : this.#made.keys();
    if (oldest !== undefined) this.#made.delete(oldest);
    this.#made.set(key, { version, value });
    return value;
  }
}
