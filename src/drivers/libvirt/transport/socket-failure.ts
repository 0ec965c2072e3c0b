import { UnreachableError, type UnreachableReason } from "../../unreachable.ts";

/** Whether a socket is a file on this machine or leads over a network: the same code means another thing. */
export type SocketFamily = "unix" | "network";

const networkReasons: ReadonlyMap<string, UnreachableReason> = new Map([
  ["ECONNREFUSED", "ConnectionRefused"],
  ["ENOTFOUND", "NameNotResolved"],
  ["EAI_AGAIN", "NameNotResolved"],
  ["EAI_NODATA", "NameNotResolved"],
  ["EAI_NONAME", "NameNotResolved"],
  ["ENETUNREACH", "NetworkUnreachable"],
  ["EHOSTUNREACH", "NetworkUnreachable"],
  ["EHOSTDOWN", "NetworkUnreachable"],
  ["ENETDOWN", "NetworkUnreachable"],
  ["EADDRNOTAVAIL", "NetworkUnreachable"],
  ["ETIMEDOUT", "Timeout"],
  ["ECONNRESET", "ConnectionLost"],
  ["EPIPE", "ConnectionLost"],
]);

const unixReasons: ReadonlyMap<string, UnreachableReason> = new Map([
  ["ENOENT", "DaemonNotRunning"],
  ["ECONNREFUSED", "DaemonNotRunning"],
  ["EACCES", "SocketPermissionDenied"],
  ["EPERM", "SocketPermissionDenied"],
]);

/** What it means that a socket could not be connected. */
export function socketFailure(label: string, family: SocketFamily, error: Error): UnreachableError {
  const reasons = family === "unix" ? unixReasons : networkReasons;
  const code = codeOf(error);
  // Of several addresses, all of which failed, the error itself says nothing.
  const text = error.message === "" ? code : error.message;
  return new UnreachableError(reasons.get(code) ?? "Unreachable", `${label}: ${text}`, { cause: error });
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
