import { StatusError } from "../runtime/errors.ts";

/** What the process ends with. `help` and docs/reference/cli.md list them. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  timeout: 4,
  unreachable: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodesHelp = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 timed out, 5 no server or token refused.`;

/** A command that was called in a way that makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The exit code of anything thrown by a command. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.usage;
  if (!(error instanceof StatusError)) return exitCodes.failed;
  switch (error.reason) {
    case "NotFound":
      return exitCodes.notFound;
    case "Timeout":
      return exitCodes.timeout;
    case "ServiceUnavailable":
    case "Unauthorized":
      return exitCodes.unreachable;
    default:
      return exitCodes.failed;
  }
}
