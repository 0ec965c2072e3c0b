import { connect } from "node:net";
import { messageOf, StatusError } from "../../../runtime/errors.ts";
import { established } from "./dial.ts";
import type { Transport } from "./transport.ts";

/**
 * Connects to the first of these sockets that accepts. Throws `HostUnreachable`, or `Unauthorized` when one
 * is there but not for us; the message names each path and what was wrong with it.
 */
export async function connectUnix(paths: readonly string[], signal?: AbortSignal): Promise<Transport> {
  const failures: unknown[] = [];
  for (const path of paths) {
    const label = `unix:${path}`;
    try {
      const stream = await established(connect(path), "connect", label, signal);
      return { stream, coalesce: true, negotiateKeepalive: false, label };
    } catch (error) {
      failures.push(error);
      if (signal?.aborted) break;
    }
  }
  const denied = failures.some((error) => error instanceof StatusError && isDenied(error.cause));
  throw new StatusError(denied ? "Unauthorized" : "HostUnreachable", failures.map(messageOf).join("; "), {
    cause: failures.at(-1),
  });
}

function isDenied(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && (cause.code === "EACCES" || cause.code === "EPERM");
}
