import { connect } from "node:net";
import { messageOf } from "../../../runtime/errors.ts";
import { UnreachableError, unreachableReason } from "../../unreachable.ts";
import { established } from "./dial.ts";
import type { Transport } from "./transport.ts";

/**
 * Connects to the first of these sockets that accepts. Throws an `UnreachableError` whose message names each
 * path and what was wrong with it. One that is there but not for us says more than one that is not there.
 */
export async function connectUnix(paths: readonly string[], signal?: AbortSignal): Promise<Transport> {
  const failures: unknown[] = [];
  for (const path of paths) {
    const label = `unix:${path}`;
    try {
      const options = { event: "connect", family: "unix", label, signal } as const;
      const stream = await established(connect(path), options);
      return { stream, coalesce: true, negotiateKeepalive: false, label };
    } catch (error) {
      failures.push(error);
      if (signal?.aborted) break;
    }
  }
  const denied = failures.find((error) => unreachableReason(error) === "SocketPermissionDenied");
  const cause = denied ?? failures.at(-1);
  throw new UnreachableError(unreachableReason(cause) ?? "Unreachable", failures.map(messageOf).join("; "), {
    cause,
  });
}
