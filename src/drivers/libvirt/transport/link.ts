import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { assertNever, messageOf } from "../../../runtime/errors.ts";
import { UnreachableError } from "../../unreachable.ts";
import type { SshSettings } from "./ssh.ts";
import { connectTcp } from "./tcp.ts";
import { connectTls, type TlsIdentity } from "./tls.ts";
import type { Link, Transport } from "./transport.ts";
import { connectUnix } from "./unix.ts";
import type { LibvirtTarget, TransportSettings } from "./uri.ts";

/** What the user's surroundings add to a URI. */
export interface Surroundings {
  readonly home: string;
  readonly username: string;
  /** The agent's socket, as in SSH_AUTH_SOCK. */
  readonly sshAgent?: string | undefined;
  /** Holds `known_hosts` and, if they are there, keys of our own; both beside those of the user. */
  readonly sshDirectory?: string | undefined;
  /** The Host's name, for messages that say what to type. */
  readonly hostName?: string | undefined;
}

const keyNames = ["id_ed25519", "id_ecdsa", "id_rsa"] as const;

type Settings<T extends TransportSettings["type"]> = Extract<TransportSettings, { type: T }>;

/** Makes ready to open channels to a target; over SSH it connects and logs in. Throws as `Link.open` does. */
export async function openLink(
  target: LibvirtTarget,
  surroundings: Surroundings,
  signal?: AbortSignal,
): Promise<Link> {
  const { transport } = target;
  switch (transport.type) {
    case "unix": {
      const paths = unixPaths(target.driver, transport.socketPath, "/run/libvirt");
      return dialling(`unix:${paths.join(",")}`, (given) => connectUnix(paths, given));
    }
    case "tcp": {
      const { host, port } = transport;
      return dialling(`tcp:${host}:${port}`, (given) => connectTcp(host, port, given));
    }
    case "tls": {
      const identity = await readTlsIdentity(transport.pkiPath);
      const settings = { ...transport, identity };
      return dialling(`tls:${transport.host}:${transport.port}`, (given) => connectTls(settings, given));
    }
    case "ssh": {
      // Only with a host that needs it: it is large.
      const { openSshLink } = await import("./ssh.ts");
      return openSshLink(await readSshSettings(transport, target, surroundings), signal);
    }
    default:
      return assertNever(transport);
  }
}

/** The modular daemon's socket first, then the old one, which it may also be that a proxy serves. */
function unixPaths(driver: string, given: string | undefined, directory: string): readonly string[] {
  if (given !== undefined) return [given];
  const old = `${directory}/libvirt-sock`;
  return driver === "qemu" ? [`${directory}/virtqemud-sock`, old] : [old];
}

function dialling(label: string, open: (signal?: AbortSignal) => Promise<Transport>): Link {
  const close = (): Promise<void> => Promise.resolve();
  return { label, open, close, [Symbol.asyncDispose]: close };
}

async function readTlsIdentity(pkiPath: string | undefined): Promise<TlsIdentity> {
  const paths = pkiPath
    ? ["cacert.pem", "clientcert.pem", "clientkey.pem"].map((name) => join(pkiPath, name))
    : ["/etc/pki/CA/cacert.pem", "/etc/pki/libvirt/clientcert.pem", "/etc/pki/libvirt/private/clientkey.pem"];
  const [authority = "", certificate = "", key = ""] = await Promise.all(paths.map(readRequired));
  return { authority, certificate, key };
}

async function readSshSettings(
  transport: Settings<"ssh">,
  target: LibvirtTarget,
  surroundings: Surroundings,
): Promise<SshSettings> {
  const { host, port, keyFile } = transport;
  const directories = sshDirectories(surroundings);
  const keyFiles = keyFile
    ? [keyFile]
    : directories.flatMap((path) => keyNames.map((name) => join(path, name)));
  const read = keyFile ? readRequired : readIfThere;
  const keys = await Promise.all(keyFiles.map(async (path) => ({ path, text: await read(path) })));
  const known = await readKnownHosts(transport, surroundings);
  return {
    host,
    port,
    username: transport.username ?? surroundings.username,
    knownHosts: known.text,
    knownHostsLabel: known.label,
    remedy: known.remedy,
    keys: keys.filter(({ text }) => text !== ""),
    agent: keyFile ? undefined : surroundings.sshAgent,
    driverUri: target.driverUri,
    // The old name of /run, which every host has.
    socketPaths: unixPaths(target.driver, transport.socketPath, "/var/run/libvirt"),
    mayUseHelper: transport.socketPath === undefined,
  };
}

/** All that is known of hosts' keys where this one's is looked for. */
export interface KnownHostsSource {
  readonly text: string;
  /** The files, for messages. */
  readonly label: string;
  /** How to make a host known, for messages. */
  readonly remedy: string;
}

/** Our own file and the user's; a file that the URI names counts alone. Throws when that cannot be read. */
export async function readKnownHosts(
  { knownHostsFile }: Settings<"ssh">,
  surroundings: Surroundings,
): Promise<KnownHostsSource> {
  if (knownHostsFile !== undefined) {
    const text = await readRequired(knownHostsFile);
    return { text, label: knownHostsFile, remedy: `put it into ${knownHostsFile}` };
  }
  const own = sshDirectories(surroundings).map((path) => join(path, "known_hosts"));
  const paths = [...own, "/etc/ssh/ssh_known_hosts"];
  const texts = await Promise.all(paths.map(readIfThere));
  const remedy = `type: ostler host enroll ${surroundings.hostName ?? "NAME"}`;
  return { text: texts.join("\n"), label: paths.join(" and "), remedy };
}

/** Where keys and known hosts are: our own directory first, then the user's. */
function sshDirectories({ home, sshDirectory }: Surroundings): readonly string[] {
  return [...(sshDirectory === undefined ? [] : [sshDirectory]), join(home, ".ssh")];
}

async function readRequired(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UnreachableError("InvalidSettings", `cannot read ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function readIfThere(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
