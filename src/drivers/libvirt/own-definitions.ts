/**
 * Tells the events of our own definitions from those of others. Of each definition libvirt sends one event,
 * in the order in which they were made, and perhaps after it has answered whoever made it.
 */
export class OwnDefinitions {
  /** How many events came while the definition was under way. */
  readonly #underWay = new Map<string, number>();
  /** Those that are made, and whose event has not come. */
  readonly #awaited = new Set<string>();

  /** We are about to define it. */
  begin(uid: string): void {
    this.#awaited.delete(uid);
    this.#underWay.set(uid, 0);
  }

  /** It is defined; whether nobody else was heard to define it after us. */
  made(uid: string): boolean {
    const events = this.#underWay.get(uid) ?? 0;
    this.#underWay.delete(uid);
    if (events === 0) this.#awaited.add(uid);
    return events <= 1;
  }

  /** It is not known to be defined. */
  failed(uid: string): void {
    this.#underWay.delete(uid);
  }

  /** Takes an event; whether it tells of nothing but what we have made and know to be made. */
  isOurs(uid: string): boolean {
    const events = this.#underWay.get(uid);
    if (events !== undefined) this.#underWay.set(uid, events + 1);
    return this.#awaited.delete(uid);
  }

  /** Events that have not come by now are taken for somebody else's when they come. */
  forget(): void {
    this.#awaited.clear();
  }
}
