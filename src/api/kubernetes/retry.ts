import { hasReason } from "../../runtime/errors.ts";

/** A write that meets another one starts over this often before the client has to. */
const maxAttempts = 5;

/** Thrown by an attempt: somebody else wrote between our read and our write. */
export class Overtaken extends Error {
  constructor(cause: unknown) {
    super("overtaken by another write", { cause });
  }
}

/** Attempts a read and a write that depends on it, again when somebody was faster. */
export async function retryOnConflict<T>(attempt: (last: boolean) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(tries === maxAttempts);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }
}

/** What to throw for the error of a write: `Overtaken` where another attempt may do better. */
export function overtakenBy(error: unknown, last: boolean): unknown {
  return last || !hasReason(error, "Conflict") ? error : new Overtaken(error);
}
