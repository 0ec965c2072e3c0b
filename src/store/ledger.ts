import type { Kind } from "../schema/kind.ts";
import type { Resource } from "../schema/meta.ts";
import type { CommitResult, Log, LogWrite } from "./log.ts";

/** A write: no `before` is a creation, no `after` the end of an object. */
export interface LedgerEntry {
  readonly kind: Kind;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
}

/** What a write will take, held for it until it is known whether it was done: one of both is called, once. */
export interface Reservation {
  settle(): void;
  cancel(): void;
}

/**
 * Keeps account of what is in the store, and may refuse a write that would be too much. It is asked in the
 * very turn in which a write is decided, so that writes at the same time count each other.
 */
export interface Ledger {
  /** Throws what refuses the write. Undefined: there is nothing to account for. */
  reserve(entry: LedgerEntry): Reservation | undefined;
}

/** Commits a write for which there is room. The ledger is asked and the log decides in one turn. */
export async function commitWithin(
  ledger: Ledger | undefined,
  log: Pick<Log, "commit">,
  { entry, write }: { readonly entry: LedgerEntry; readonly write: LogWrite },
): Promise<CommitResult> {
  const reservation = ledger?.reserve(entry);
  let applied = false;
  try {
    const result = await log.commit(write);
    applied = result.applied;
    return result;
  } finally {
    if (applied) reservation?.settle();
    else reservation?.cancel();
  }
}
