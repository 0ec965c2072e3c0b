interface Told<T> {
  /** The newest look that had begun. */
  readonly since: number;
  readonly agrees: (value: T) => boolean;
}

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
  /** What was told of a thing and is not how it was last seen. */
  readonly #told = new Map<string, Told<T>>();
  readonly #labelOf: (value: T) => string;
  /** Names by label; several things may carry one label. */
  readonly #labels = new Map<string, Set<string>>();
  #begun = 0;
  #lookAtAll = 0;

  /** `labelOf` gives each thing a label by which it can be found, too. */
  constructor(labelOf: (value: T) => string) {
    this.#labelOf = labelOf;
  }

  /** What is there, by name, as far as seen. */
  get values(): ReadonlyMap<string, T> {
    return this.#values;
  }

  /** The names of what may have changed since it was seen. */
  get doubted(): readonly string[] {
    return [...new Set([...this.#doubts.keys(), ...this.#told.keys()])];
  }

  /** The things that carry the label. */
  labelled(label: string): readonly T[] {
    const names = [...(this.#labels.get(label) ?? [])];
    return names.map((name) => this.#values.get(name)).filter((value) => value !== undefined);
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

  /**
   * Somebody has told what the thing is like now. It is in doubt until it is seen like that, be it by a look
   * that has begun already, or until a look that begins from now on sees something else.
   */
  hear(name: string, agrees: (value: T) => boolean): void {
    this.#told.set(name, { since: this.#begun, agrees });
    this.#heed(name, this.#begun);
  }

  isDoubted(name: string): boolean {
    return this.#doubts.has(name) || this.#told.has(name);
  }

  /** One thing, or its absence, as seen by a look. */
  see(look: number, name: string, value: T | undefined): void {
    if (!this.#isNews(look, name)) return;
    this.#looks.set(name, look);
    this.#note(name, value);
    if ((this.#doubts.get(name) ?? look) < look) this.#doubts.delete(name);
    this.#heed(name, look);
  }

  /** Everything there is, as seen by a look; what is not in it is absent. */
  seeAll(look: number, all: ReadonlyMap<string, T>): void {
    if (look <= this.#lookAtAll) return;
    for (const name of this.#values.keys()) {
      if (!all.has(name) && this.#isNews(look, name)) this.#note(name, undefined);
    }
    for (const [name, value] of all) {
      if (this.#isNews(look, name)) this.#note(name, value);
    }
    this.#lookAtAll = look;
    forgetBefore(look, this.#looks);
    forgetBefore(look, this.#doubts);
    for (const name of this.#told.keys()) this.#heed(name, look);
  }

  /** What was told is settled by a later look, and by any that says the same. */
  #heed(name: string, look: number): void {
    const told = this.#told.get(name);
    const value = this.#values.get(name);
    if (told === undefined) return;
    if (told.since < look || (value !== undefined && told.agrees(value))) this.#told.delete(name);
  }

  #isNews(look: number, name: string): boolean {
    return look > (this.#looks.get(name) ?? this.#lookAtAll);
  }

  #note(name: string, value: T | undefined): void {
    const before = this.#values.get(name);
    if (before === value) return;
    if (before !== undefined) this.#unlabel(this.#labelOf(before), name);
    if (value === undefined) {
      this.#values.delete(name);
      return;
    }
    this.#values.set(name, value);
    const label = this.#labelOf(value);
    this.#labels.set(label, (this.#labels.get(label) ?? new Set()).add(name));
  }

  #unlabel(label: string, name: string): void {
    const names = this.#labels.get(label);
    names?.delete(name);
    if (names?.size === 0) this.#labels.delete(label);
  }
}

function forgetBefore(look: number, numbers: Map<string, number>): void {
  for (const [name, number] of numbers) {
    if (number < look) numbers.delete(name);
  }
}
