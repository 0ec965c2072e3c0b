/** The SSH key that a host shows, and what is known of it. */
export interface HostKey {
  /** `host:port` */
  readonly address: string;
  readonly keyType: string;
  /** As `ssh-keygen -l` prints it: `SHA256:...`. */
  readonly fingerprint: string;
  readonly state: "Known" | "Unknown" | "Changed" | "Revoked";
  /** Of the keys that are known of the host. */
  readonly knownFingerprints: readonly string[];
}

/** A Host, as far as its key is concerned. */
export interface KeyedHost {
  readonly name: string;
  /** How the host is reached. Not by SSH: every call throws `Invalid`. */
  readonly uri: string;
}

/** Looks at hosts' SSH keys and keeps those that a person has confirmed. */
export interface HostKeys {
  /** Asks the host for its key. */
  look(host: KeyedHost, signal: AbortSignal): Promise<HostKey>;
  /** Confirms the key of this fingerprint; throws `Conflict` when the host shows another one. */
  trust(host: KeyedHost, fingerprint: string, signal: AbortSignal): Promise<HostKey>;
  /** Forgets what was confirmed. Returns whether there was anything. */
  forget(host: KeyedHost): Promise<boolean>;
}
