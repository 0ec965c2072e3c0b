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
  /** What was told of a thing, until a look that began later. */
  readonly #told = new Map<string, Told<T>>();
  readonly #labelOf: (value: T) => string;
  /** Names by label; several things may carry one label. */
  readonly #labels = new Map<string, Set<string>>();
  #onMention: (name: string, isMentioned: boolean) => void;
  #begun = 0;
  #lookAtAll = 0;

  /**
   * `labelOf` gives each thing a label by which it can be found, too. `onMention` is told when a thing has
   * come to be there or in doubt, and when it is neither any more; both perhaps more than once.
   */
  constructor(
    labelOf: (value: T) => string,
    onMention: (name: string, isMentioned: boolean) => void = () => {},
  ) {
    this.#labelOf = labelOf;
    this.#onMention = onMention;
  }

  /** Nothing that was seen counts any more, nor what looks that are going on will see. */
  end(): void {
    for (const name of [...this.#values.keys(), ...this.doubted]) this.#onMention(name, false);
    this.#onMention = () => {};
  }

  /** What is there, by name, as far as seen. */
  get values(): ReadonlyMap<string, T> {
    return this.#values;
  }

  /** The names of what may have changed since it was seen. */
  get doubted(): readonly string[] {
    const names = new Set([...this.#doubts.keys(), ...this.#told.keys()]);
    return [...names].filter((name) => this.isDoubted(name));
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
    this.#onMention(name, true);
  }

  /**
   * Somebody has told what the thing is like now. It is in doubt until it is seen like that, be it by a look
   * that has begun already, or until a look that begins from now on sees something else.
   */
  hear(name: string, agrees: (value: T) => boolean): void {
    this.#told.set(name, { since: this.#begun, agrees });
    this.#mention(name);
  }

  isDoubted(name: string): boolean {
    return this.#doubts.has(name) || this.#isOtherwise(name);
  }

  /** One thing, or its absence, as seen by a look. */
  see(look: number, name: string, value: T | undefined): void {
    if (!this.#isNews(look, name)) return;
    this.#looks.set(name, look);
    this.#note(name, value);
    if ((this.#doubts.get(name) ?? look) < look) this.#doubts.delete(name);
    if ((this.#told.get(name)?.since ?? look) < look) this.#told.delete(name);
    this.#mention(name);
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
    const { doubted } = this;
    forgetBefore(look, this.#looks);
    forgetBefore(look, this.#doubts);
    for (const [name, { since }] of this.#told) {
      if (since < look) this.#told.delete(name);
    }
    for (const name of doubted) this.#mention(name);
  }

  #mention(name: string): void {
    this.#onMention(name, this.#values.has(name) || this.isDoubted(name));
  }

  /** Whether it was told to be other than it was seen. */
  #isOtherwise(name: string): boolean {
    const told = this.#told.get(name);
    const value = this.#values.get(name);
    return told !== undefined && (value === undefined || !told.agrees(value));
  }

  #isNews(look: number, name: string): boolean {
    return look > (this.#looks.get(name) ?? this.#lookAtAll);
  }

  #note(name: string, value: T | undefined): void {
    const before = this.#values.get(name);
    if (before === value) return;
    if (before !== undefined) this.#unlabel(this.#labelOf(before), name);
    if (value === undefined) this.#values.delete(name);
    else this.#values.set(name, value);
    this.#mention(name);
    if (value === undefined) return;
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
