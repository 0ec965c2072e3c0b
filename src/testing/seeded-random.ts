import type { Random } from "../runtime/random.ts";

/** A reproducible stream of random numbers (mulberry32): one seed, one stream. */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  uuid(): string {
    const hex = Buffer.from(this.bytes(16)).toString("hex");
    const middle = `${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}`;
    return `${hex.slice(0, 8)}-${middle}-${hex.slice(20)}`;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => Math.floor(this.next() * 256));
  }
}
