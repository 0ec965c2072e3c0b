import type { Test } from "tap";
import { StatusError, type StatusReason } from "../runtime/errors.ts";

/** Expects the promise to reject with a StatusError of this reason. */
export async function fails(
  t: Test,
  call: Promise<unknown>,
  reason: StatusReason | RegExp,
  message?: string,
): Promise<void> {
  const error = await call.then(
    () => new Error("it succeeded"),
    (thrown: unknown) => thrown,
  );
  t.match(error instanceof StatusError ? error.reason : error, reason, message ?? `fails with ${reason}`);
}
