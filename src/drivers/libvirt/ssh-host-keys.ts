import { join } from "node:path";
import { StatusError } from "../../runtime/errors.ts";
import { fingerprint, KnownHosts, keyTypeOf } from "./transport/known-hosts.ts";
import { KnownHostsFile } from "./transport/known-hosts-file.ts";
import { readKnownHosts, type Surroundings } from "./transport/link.ts";
import { parseLibvirtUri } from "./transport/uri.ts";

/** The key that a host shows, and what is known of it. */
export interface ShownHostKey {
  /** `host:port` */
  readonly address: string;
  readonly keyType: string;
  /** As `ssh-keygen -l` prints it: `SHA256:...`. */
  readonly fingerprint: string;
  readonly state: "Known" | "Unknown" | "Changed" | "Revoked";
  /** Of the keys that are known of the host. */
  readonly knownFingerprints: readonly string[];
}

const states = { known: "Known", unknown: "Unknown", changed: "Changed", revoked: "Revoked" } as const;

/** The SSH keys of hosts: looks at them, and keeps those that a person has confirmed. */
export class SshHostKeys {
  readonly #surroundings: Surroundings;
  readonly #file: KnownHostsFile;

  /** Confirmed keys are kept in `directory`/known_hosts. */
  constructor(surroundings: Surroundings & { readonly sshDirectory: string }) {
    this.#surroundings = surroundings;
    this.#file = new KnownHostsFile(join(surroundings.sshDirectory, "known_hosts"));
  }

  /** Asks the host behind a URI for its key. Throws `Invalid` unless it is reached by SSH. */
  async look(uri: string, signal: AbortSignal): Promise<ShownHostKey> {
    return (await this.#scan(uri, signal)).shown;
  }

  /**
   * Makes the key of this fingerprint the host's known one. The host is asked again and must show just that
   * key, else `Conflict`.
   */
  async trust(uri: string, wanted: string, signal: AbortSignal): Promise<ShownHostKey> {
    const target = sshTarget(uri);
    if (target.knownHostsFile !== undefined) {
      throw new StatusError("Invalid", `the URI names its own known_hosts: edit ${target.knownHostsFile}`);
    }
    const { key, shown } = await this.#scan(uri, signal);
    const { address, keyType, state } = shown;
    if (shown.fingerprint !== wanted) {
      const found = `${address} shows ${keyType} ${shown.fingerprint}, not ${wanted}`;
      throw new StatusError("Conflict", `${found}: its key was not taken`);
    }
    if (state === "Revoked") {
      throw new StatusError(
        "Conflict",
        `the key ${wanted} is revoked in a known_hosts file: it is not taken`,
      );
    }
    await this.#file.put(target.host, target.port, key);
    return { ...shown, state: "Known", knownFingerprints: [wanted] };
  }

  /** Forgets what was confirmed of the host. Returns whether there was anything. */
  async forget(uri: string): Promise<boolean> {
    const { host, port } = sshTarget(uri);
    return this.#file.remove(host, port);
  }

  async #scan(uri: string, signal: AbortSignal): Promise<{ key: Buffer; shown: ShownHostKey }> {
    const target = sshTarget(uri);
    const { host, port } = target;
    const known = new KnownHosts((await readKnownHosts(target, this.#surroundings)).text);
    const { scanHostKey } = await import("./transport/ssh.ts");
    const key = await scanHostKey({ host, port, known }, signal);
    const shown: ShownHostKey = {
      address: `${host}:${port}`,
      keyType: keyTypeOf(key),
      fingerprint: fingerprint(key),
      state: states[known.verify(host, port, key).type],
      knownFingerprints: known.fingerprints(host, port),
    };
    return { key, shown };
  }
}

function sshTarget(uri: string) {
  const { transport } = parseLibvirtUri(uri);
  if (transport.type === "ssh") return transport;
  throw new StatusError("Invalid", `${uri} does not go over SSH: it has no host key`);
}
