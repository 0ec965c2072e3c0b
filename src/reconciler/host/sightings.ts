/**
 * Things seen by name, in looks that may overlap. Each look is numbered when it begins. What a look says of a
 * thing counts only if no look that began later has already said something of it, and only a look that began
 * after a thing was put in doubt ends the doubt. So a slow look never brings back what is past.
 */
export class Sightings<T> {
  readonly #values = new Map<string, T>();
  /** The newest look at each thing, where that is newer than the look at everything. */
  readonly #looks = new Map<string, number>();
  /** The newest look that had begun when the thing was put in doubt. */
  readonly #doubts = new Map<string, number>();
  #begun = 0;
  #lookAtAll = 0;

  /** What is there, by name, as far as seen. */
  get values(): ReadonlyMap<string, T> {
    return this.#values;
  }

  /** The names of what may have changed since it was seen. */
  get doubted(): readonly string[] {
    return [...this.#doubts.keys()];
  }

  /** The number of a look that begins now. */
  begin(): number {
    this.#begun += 1;
    return this.#begun;
  }

  /** What was seen of the thing may be true no longer. */
  doubt(name: string): void {
    this.#doubts.set(name, this.#begun);
  }

  isDoubted(name: string): boolean {
    return this.#doubts.has(name);
  }

  /** One thing, or its absence, as seen by a look. */
  see(look: number, name: string, value: T | undefined): void {
    if (!this.#isNews(look, name)) return;
    this.#looks.set(name, look);
    this.#note(name, value);
    if ((this.#doubts.get(name) ?? look) < look) this.#doubts.delete(name);
  }

  /** Everything there is, as seen by a look; what is not in it is absent. */
  seeAll(look: number, all: ReadonlyMap<string, T>): void {
    if (look <= this.#lookAtAll) return;
    for (const name of this.#values.keys()) {
      if (!all.has(name) && this.#isNews(look, name)) this.#values.delete(name);
    }
    for (const [name, value] of all) {
      if (this.#isNews(look, name)) this.#values.set(name, value);
    }
    this.#lookAtAll = look;
    forgetBefore(look, this.#looks);
    forgetBefore(look, this.#doubts);
  }

  #isNews(look: number, name: string): boolean {
    return look > (this.#looks.get(name) ?? this.#lookAtAll);
  }

  #note(name: string, value: T | undefined): void {
    if (value === undefined) this.#values.delete(name);
    else this.#values.set(name, value);
  }
}

function forgetBefore(look: number, numbers: Map<string, number>): void {
  for (const [name, number] of numbers) {
    if (number < look) numbers.delete(name);
  }
}
