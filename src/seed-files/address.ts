/** How a machine is reached by SSH, as people write it: `user@host:port`. */
export interface Address {
  readonly user: string | undefined;
  /** In lower case; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number | undefined;
}

const userPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;
const hostPattern = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_][a-z0-9_-]{0,62})*\.?$/;
const ipv4Pattern = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** Reads `host`, `user@host`, `user@host:port` and `[v6]:port`; a text says what is wrong with it. */
export function parseAddress(text: string): Address | string {
  const at = text.lastIndexOf("@");
  const user = at < 0 ? undefined : text.slice(0, at);
  if (user !== undefined && !userPattern.test(user)) return `"${user}" is not the name of a user`;
  const rest = text.slice(at + 1);
  const parts = splitPort(rest);
  if (parts === undefined) return `"${rest}" is not an address such as 10.0.0.1, host or host:22`;
  const port = parts.port === undefined ? undefined : Number(parts.port);
  if (port !== undefined && (port < 1 || port > 65535)) return `a port is 1 to 65535, not ${parts.port}`;
  const host = parts.host.toLowerCase();
  const problem = hostProblem(host);
  return problem ?? { user, host, port };
}

/** Whether it is this machine, by any of its names. */
export function isLoopback({ host }: Pick<Address, "host">): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

/** As it stands in a URI: an IPv6 address gets its brackets back. */
export function hostInUri(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function splitPort(text: string): { readonly host: string; readonly port: string | undefined } | undefined {
  const bracketed = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text);
  if (bracketed !== null) {
    const [, host = "", port] = bracketed;
    return host.includes(":") ? { host, port } : undefined;
  }
  // More than one colon: an IPv6 address, which then has no port.
  if (/:.*:/.test(text)) return { host: text, port: undefined };
  const plain = /^([^:]*)(?::(\d{1,5}))?$/.exec(text);
  return plain === null ? undefined : { host: plain[1] ?? "", port: plain[2] };
}

function hostProblem(host: string): string | undefined {
  if (host.includes(":")) return isIpv6(host) ? undefined : `"${host}" is not an IPv6 address`;
  if (/^[0-9.]+$/.test(host)) return ipv4Pattern.test(host) ? undefined : `"${host}" is not an IPv4 address`;
  return hostPattern.test(host) ? undefined : `"${host}" is not the name of a host`;
}

function isIpv6(text: string): boolean {
  return URL.canParse(`ssh://[${text}]/`) && /^[0-9a-f:.]+$/.test(text);
}
