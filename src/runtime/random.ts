import { randomBytes, randomUUID } from "node:crypto";

/** The only source of randomness. The simulator gives each subsystem a seeded stream of its own. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A version 4 UUID in lower case. */
  uuid(): string;
  /** Unpredictable bytes, for keys and tokens. */
  bytes(length: number): Uint8Array;
}

/** The machine's randomness. */
export const systemRandom: Random = {
  next: () => Math.random(),
  uuid: () => randomUUID(),
  bytes: (length) => new Uint8Array(randomBytes(length)),
};
