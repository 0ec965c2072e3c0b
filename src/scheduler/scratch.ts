/**
 * Arrays to compute one placement with, used again for the next so that nothing is allocated for each. What
 * was
 * taken is valid until the next `reset`, which begins the next placement.
 */
export class Scratch {
  readonly #integers: Int32Array[] = [];
  readonly #floats: Float64Array[] = [];
  #integersTaken = 0;
  #floatsTaken = 0;

  /** Gives everything back. */
  reset(): void {
    this.#integersTaken = 0;
    this.#floatsTaken = 0;
  }

  /** At least `length` integers, the first `length` of which are 0. */
  integers(length: number): Int32Array {
    const index = this.#integersTaken++;
    const known = this.#integers[index];
    if (known !== undefined && known.length >= length) return known.fill(0, 0, length);
    const array = new Int32Array(roomFor(length));
    this.#integers[index] = array;
    return array;
  }

  /** At least `length` numbers, the first `length` of which are 0. */
  floats(length: number): Float64Array {
    const index = this.#floatsTaken++;
    const known = this.#floats[index];
    if (known !== undefined && known.length >= length) return known.fill(0, 0, length);
    const array = new Float64Array(roomFor(length));
    this.#floats[index] = array;
    return array;
  }
}

function roomFor(length: number): number {
  return Math.max(64, 2 ** Math.ceil(Math.log2(length + 1)));
}
