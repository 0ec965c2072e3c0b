/**
 * A limited number of places for work on one host. Who finds none is called when one comes free and holds
 * nothing meanwhile, so a host that hangs delays only itself.
 */
export class Places {
  readonly #count: number;
  readonly #call: (name: string) => void;
  readonly #taken = new Set<string>();
  readonly #waiting = new Set<string>();

  constructor(count: number, call: (name: string) => void) {
    this.#count = count;
    this.#call = call;
  }

  /** Takes a place. False: none is free; `name` is called later. */
  enter(name: string): boolean {
    if (this.#taken.size >= this.#count) {
      this.#waiting.add(name);
      return false;
    }
    this.#taken.add(name);
    this.#waiting.delete(name);
    return true;
  }

  /** Gives the place back and calls the one that has waited longest. */
  leave(name: string): void {
    this.#taken.delete(name);
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      this.#call(next);
      return;
    }
  }
}
