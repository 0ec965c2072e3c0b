import { UnreachableError, type UnreachableReason } from "../../unreachable.ts";
import { fingerprint, type HostKeyVerdict, type KnownHosts, keyTypeOf } from "./known-hosts.ts";

/** The algorithms we take, the best first. */
const hostKeyAlgorithms = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
] as const;

export type HostKeyAlgorithm = (typeof hostKeyAlgorithms)[number];

export interface HostKeyCheckOptions {
  readonly host: string;
  readonly port: number;
  readonly known: KnownHosts;
  /** Where the known keys are, for messages. */
  readonly knownHostsLabel: string;
  /** What to do about a key that is not the known one, for messages. */
  readonly remedy: string;
  readonly label: string;
}

const reasons: Readonly<Record<Exclude<HostKeyVerdict["type"], "known">, UnreachableReason>> = {
  unknown: "HostKeyUnknown",
  changed: "HostKeyChanged",
  revoked: "HostKeyRevoked",
};

/** Decides about the key that a host shows, and remembers why it was refused. */
export class HostKeyCheck {
  refusal: UnreachableError | undefined;
  readonly #options: HostKeyCheckOptions;

  constructor(options: HostKeyCheckOptions) {
    this.#options = options;
  }

  accept(key: Buffer): boolean {
    const { host, port, known, knownHostsLabel, remedy, label } = this.#options;
    const verdict = known.verify(host, port, key);
    if (verdict.type === "known") return true;
    const shown = `${keyTypeOf(key)} ${fingerprint(key)}`;
    const problem = {
      unknown: `its key ${shown} is not in ${knownHostsLabel}: verify the fingerprint, then ${remedy}`,
      changed:
        `its key is ${shown}, but ${knownHostsLabel} knows another: it may not be the host it was; ` +
        `if it was made anew, verify the fingerprint, then ${remedy}`,
      revoked: `its key ${shown} is revoked in ${knownHostsLabel}`,
    }[verdict.type];
    this.refusal = new UnreachableError(reasons[verdict.type], `${label}: host key refused: ${problem}`);
    return false;
  }
}

/** The algorithms of keys that are known of a host first, as otherwise it would show another one. */
export function hostKeyOrder(host: string, port: number, known: KnownHosts): HostKeyAlgorithm[] {
  const types = known.keyTypes(host, port);
  const isKnown = (name: string): boolean =>
    types.includes(name) || (name.startsWith("rsa-") && types.includes("ssh-rsa"));
  return [...hostKeyAlgorithms.filter(isKnown), ...hostKeyAlgorithms.filter((name) => !isKnown(name))];
}
