import { messageOf } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import type { ObjectKey } from "../schema/meta.ts";

/**
 * What to do next. `requeueAfterMs` asks for another look at the latest after that time; without it the
 * object is looked at again when something changes or at the next resync.
 */
export interface Result {
  readonly requeueAfterMs?: number;
}

/**
 * Brings the world one step closer to what the object asks for. Level-based: the key is all it is told; it
 * must read what is desired and observe what is, and must not care why it was called or what it missed.
 *
 * Throwing asks for a retry with backoff; throwing `TerminalError` says that a retry cannot help until the
 * object changes. Never called twice at once for the same key. `logger` adds the controller, the key and the
 * id of this call to every line. `signal` ends the call at shutdown and when it takes too long.
 */
export interface Reconciler {
  reconcile(key: ObjectKey, signal: AbortSignal, logger: Logger): Promise<Result>;
}

/** An error that only a change of the object can mend. The controller does not retry it. */
export class TerminalError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TerminalError";
  }
}

/** An error that the reconciler has logged already, with all that it knows of it: retried like its cause. */
export class LoggedError extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = "LoggedError";
  }
}

/** What went wrong, whoever has logged it. */
export function causeOf(error: unknown): unknown {
  return error instanceof LoggedError ? error.cause : error;
}
