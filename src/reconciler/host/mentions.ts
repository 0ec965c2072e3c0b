/** Who has something to say of which thing, so that who asks about one thing need not ask everybody. */
export class Mentions {
  readonly #speakers = new Map<string, Set<string>>();

  /** Those who have something to say of it now, the first to have had so first. */
  of(name: string): readonly string[] {
    return [...(this.#speakers.get(name) ?? [])];
  }

  /** To be called when the speaker has come to have something to say of a thing, and when it has no more. */
  voice(speaker: string): (name: string, isMentioned: boolean) => void {
    return (name, isMentioned) => {
      if (isMentioned) this.#note(speaker, name);
      else this.#forget(speaker, name);
    };
  }

  #note(speaker: string, name: string): void {
    const speakers = this.#speakers.get(name);
    if (speakers === undefined) this.#speakers.set(name, new Set([speaker]));
    else speakers.add(speaker);
  }

  #forget(speaker: string, name: string): void {
    const speakers = this.#speakers.get(name);
    speakers?.delete(speaker);
    if (speakers?.size === 0) this.#speakers.delete(name);
  }
}
