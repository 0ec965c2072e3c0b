import { withDeadline } from "../../runtime/deadline.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { SeedContext } from "./context.ts";

/** Runs the work of a call within the time that calls have. */
export function inTime<T>(
  { clock, settings }: Pick<SeedContext, "clock" | "settings">,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { timeoutMs } = settings;
  const reason = (): Error => new StatusError("Timeout", `not done within ${timeoutMs / 1000} s`);
  return withDeadline({ clock, lengthMs: timeoutMs, reason, signal }, work);
}
