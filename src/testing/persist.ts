import { hasReason } from "../runtime/errors.ts";

const attemptsMax = 20;

/** Writes as a client does: again when somebody else wrote first. Throws `Conflict` when that never ends. */
export async function persist<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!hasReason(error, "Conflict") || attempt === attemptsMax) throw error;
    }
  }
}
