/** Of how long ago a turn still says something: turns come in bursts, one for each write of the disk. */
const windowMs = 1000;

/** How fast turns come, of late. Times are milliseconds of a clock that never goes back. */
export class Pace {
  #turns = 0;
  #ms = 0;
  #atMs = 0;

  /** Forgets what was: nobody has waited until now. */
  begin(now: number): void {
    this.#turns = 0;
    this.#ms = 0;
    this.#atMs = now;
  }

  /** Somebody who waited has its turn. */
  turn(now: number): void {
    this.#age(now);
    this.#turns += 1;
  }

  /** How long a turn takes, about. `soon`: how many are under way, who may all be done in the next moment. */
  turnMs(now: number, soon: number): number {
    this.#age(now);
    return this.#ms / Math.max(1, this.#turns + soon);
  }

  #age(now: number): void {
    const passed = now - this.#atMs;
    const kept = Math.exp(-passed / windowMs);
    this.#turns *= kept;
    this.#ms = this.#ms * kept + passed;
    this.#atMs = now;
  }
}
