/** Machines that are worked on at once on one host. */
export const placesPerHost = 32;

/**
 * A limited number of places for work on one host. Who finds none is called when one comes free and holds
 * nothing meanwhile, so a host that hangs delays only itself.
 */
export class Places {
  readonly #count: number;
  readonly #call: (name: string) => void;
  readonly #left: (name: string) => void;
  readonly #taken = new Set<string>();
  readonly #waiting = new Set<string>();

  /** `call` is told who may try again, `left` who has given a place back. */
  constructor(count: number, call: (name: string) => void, left: (name: string) => void = () => {}) {
    this.#count = count;
    this.#call = call;
    this.#left = left;
  }

  /** Whether `name` has a place now. */
  has(name: string): boolean {
    return this.#taken.has(name);
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
    this.#left(name);
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      this.#call(next);
      return;
    }
  }
}
