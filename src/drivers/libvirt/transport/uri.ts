import { UnreachableError } from "../../unreachable.ts";

/** How to reach the daemon. Paths and names as the URI has them; what it leaves out is undefined. */
export type TransportSettings =
  | { readonly type: "unix"; readonly socketPath: string | undefined }
  | { readonly type: "tcp"; readonly host: string; readonly port: number }
  | {
      readonly type: "tls";
      readonly host: string;
      readonly port: number;
      /** Holds cacert.pem, clientcert.pem, clientkey.pem. */
      readonly pkiPath: string | undefined;
      /** The name that the certificate must carry; the host's unless told. */
      readonly serverName: string | undefined;
    }
  | {
      readonly type: "ssh";
      readonly host: string;
      readonly port: number;
      readonly username: string | undefined;
      readonly keyFile: string | undefined;
      readonly knownHostsFile: string | undefined;
      readonly socketPath: string | undefined;
    };

export interface LibvirtTarget {
  /** `qemu`, `test`, ... */
  readonly driver: string;
  /** What the daemon is asked to open: `qemu:///system`. */
  readonly driverUri: string;
  readonly transport: TransportSettings;
}

const parameters = {
  unix: ["socket"],
  tcp: [],
  tls: ["pkipath", "tls_hostname"],
  ssh: ["keyfile", "known_hosts", "socket", "no_tty"],
} as const;

const defaultPorts = { tcp: 16509, tls: 16514, ssh: 22 } as const;

type TransportType = keyof typeof parameters;

/**
 * Reads a libvirt connection URI: `qemu:///system`, `qemu+ssh://root@host/system?keyfile=/path`,
 * `qemu+tls://host/system?pkipath=/path`, `test+unix:///default?socket=/path`. As in libvirt a host without a
 * transport means TLS. What is not understood is refused, and so is every way to switch verification off.
 * Throws `Invalid`.
 */
export function parseLibvirtUri(text: string): LibvirtTarget {
  const url = parseUrl(text);
  const scheme = /^([a-z]+)(?:\+([a-z0-9]+))?:$/.exec(url.protocol);
  const driver = scheme?.[1];
  if (driver === undefined) throw invalid(text, `no scheme like qemu:// or qemu+ssh://`);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const type = transportType(text, scheme?.[2] ?? (host === "" ? "unix" : "tls"));
  if (url.pathname.length < 2 && !url.searchParams.has("name"))
    throw invalid(text, "no path such as /system");
  if (url.password !== "") throw invalid(text, "a password in a URI is not supported");
  if (url.hash !== "") throw invalid(text, "a fragment is not understood");
  checkParameters(text, type, url.searchParams);
  const driverUri = url.searchParams.get("name") ?? `${driver}://${url.pathname}`;
  return { driver, driverUri, transport: readTransport(text, type, host, url) };
}

function readTransport(text: string, type: TransportType, host: string, url: URL): TransportSettings {
  const parameter = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
  if (type === "unix") {
    if (host !== "") throw invalid(text, "a unix socket is on no other host");
    return { type, socketPath: parameter("socket") };
  }
  if (host === "") throw invalid(text, "no host name");
  const port = url.port === "" ? defaultPorts[type] : Number(url.port);
  if (type === "tcp") return { type, host, port };
  if (type === "tls") {
    return { type, host, port, pkiPath: parameter("pkipath"), serverName: parameter("tls_hostname") };
  }
  return {
    type,
    host,
    port,
    username: url.username === "" ? undefined : decodeURIComponent(url.username),
    keyFile: parameter("keyfile"),
    knownHostsFile: parameter("known_hosts"),
    socketPath: parameter("socket"),
  };
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw invalid(text, "not a URI");
  }
}

function transportType(text: string, word: string): TransportType {
  if (word === "unix" || word === "tcp" || word === "tls" || word === "ssh") return word;
  throw invalid(text, `transport ${word} is not one of unix, ssh, tls, tcp`);
}

function checkParameters(text: string, type: TransportType, given: URLSearchParams): void {
  const known: readonly string[] = ["name", ...parameters[type]];
  for (const [name, value] of given) {
    if (name === "no_verify" || name === "known_hosts_verify") {
      throw invalid(text, `${name}: hosts are always verified; add the host's key to known_hosts`);
    }
    if (!known.includes(name)) throw invalid(text, `parameter ${name} is not understood with ${type}`);
    if (value === "") throw invalid(text, `parameter ${name} is empty`);
  }
}

function invalid(text: string, problem: string): UnreachableError {
  return new UnreachableError("InvalidSettings", `libvirt URI ${JSON.stringify(text)}: ${problem}`);
}
