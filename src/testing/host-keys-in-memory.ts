import type { HostKey, HostKeys, KeyedHost } from "../api/host-keys.ts";
import { StatusError } from "../runtime/errors.ts";

/** Hosts that all show one key, and who confirmed it. */
export class HostKeysInMemory implements HostKeys {
  key: HostKey = {
    address: "rack1:22",
    keyType: "ssh-ed25519",
    fingerprint: `SHA256:${"a".repeat(43)}`,
    state: "Unknown",
    knownFingerprints: [],
  };
  /** What every look ends with, if anything. */
  failure: Error | undefined;
  readonly trusted: KeyedHost[] = [];

  async look(): Promise<HostKey> {
    if (this.failure !== undefined) throw this.failure;
    return this.key;
  }

  async trust(host: KeyedHost, fingerprint: string): Promise<HostKey> {
    const shown = await this.look();
    if (fingerprint !== shown.fingerprint) throw new StatusError("Conflict", "another key");
    this.trusted.push(host);
    this.key = { ...shown, state: "Known", knownFingerprints: [fingerprint] };
    return this.key;
  }

  async forget(): Promise<boolean> {
    const wasKnown = this.key.state === "Known";
    this.key = { ...this.key, state: "Unknown", knownFingerprints: [] };
    return wasKnown;
  }
}
