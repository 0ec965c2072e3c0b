import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";

const wildcards: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);
const loopback = ["localhost", "127.0.0.1", "::1"] as const;

/**
 * The names and addresses by which a server that listens on `host` is reached: what its certificate and the
 * Host header may say.
 */
export function serverNames(host: string): readonly string[] {
  const own = wildcards.has(host) ? interfaceAddresses() : [host];
  return [...new Set([...loopback, hostname().toLowerCase(), ...own])];
}

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** The address to connect to from this machine: loopback for a server that listens everywhere. */
export function reachableHost(host: string): string {
  return host === "::" ? "::1" : host === "0.0.0.0" ? "127.0.0.1" : host;
}

function interfaceAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ scopeid }) => !scopeid).map(({ address }) => address);
}
