import type { Test } from "tap";
import { hasReason, messageOf, type StatusReason } from "../runtime/errors.ts";

/** Asserts that `promise` rejects with a StatusError of this reason, and message if one is given. */
export async function rejectsWith(
  t: Test,
  promise: Promise<unknown>,
  reason: StatusReason,
  message?: string | RegExp,
): Promise<void> {
  const error = await promise.then(
    () => new Error("did not reject"),
    (error: unknown) => error,
  );
  t.ok(hasReason(error, reason), `${reason}: ${messageOf(error)}`);
  if (message !== undefined) t.match(messageOf(error), message);
}
