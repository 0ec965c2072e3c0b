import { connect } from "node:net";
import { established } from "./dial.ts";
import type { Transport } from "./transport.ts";

/** Connects without encryption or authentication: for tests and closed networks only. */
export async function connectTcp(host: string, port: number, signal?: AbortSignal): Promise<Transport> {
  const label = `tcp:${host}:${port}`;
  const socket = connect({ host, port, noDelay: true });
  const stream = await established(socket, { event: "connect", family: "network", label, signal });
  return { stream, coalesce: true, negotiateKeepalive: true, label };
}
