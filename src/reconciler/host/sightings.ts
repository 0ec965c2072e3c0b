/**
 * Things seen by name, in looks that may overlap. Each look is numbered when it begins; what a look says of a
 * thing counts only if no look that began later has already said something else. So a slow look at everything
 * never overwrites a quick look at one thing that was taken meanwhile.
 */
export class Sightings<T> {
  readonly #values = new Map<string, T>();
  readonly #looks = new Map<string, number>();

  /** What is there, by name, as far as seen. */
  get values(): ReadonlyMap<string, T> {
    return this.#values;
  }

  /** One thing, or its absence, as seen by a look. Returns whether that was news. */
  see(look: number, name: string, value: T | undefined): boolean {
    if ((this.#looks.get(name) ?? -1) >= look) return false;
    this.#looks.set(name, look);
    const before = this.#values.get(name);
    if (value === undefined) this.#values.delete(name);
    else this.#values.set(name, value);
    return before !== value;
  }

  /** Everything there is, as seen by a look; what is not in it is absent. Returns the names with news. */
  seeAll(look: number, all: ReadonlyMap<string, T>): readonly string[] {
    const news: string[] = [];
    for (const [name, value] of all) {
      if (this.see(look, name, value)) news.push(name);
    }
    for (const [name, seen] of this.#looks) {
      if (all.has(name) || seen >= look) continue;
      if (this.#values.delete(name)) news.push(name);
      this.#looks.delete(name);
    }
    return news;
  }
}
