import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** One line of a known_hosts file. */
interface KnownHost {
  readonly line: number;
  readonly revoked: boolean;
  readonly keyType: string;
  readonly key: Buffer;
  matches(name: string): boolean;
}

/** What is known of a host's key. Only `known` is good. */
export type HostKeyVerdict =
  | { readonly type: "known" }
  | { readonly type: "unknown" }
  | { readonly type: "changed"; readonly lines: readonly number[] }
  | { readonly type: "revoked"; readonly line: number };

/** The keys of known hosts, in OpenSSH's format. Lines that make no sense, and authorities, are skipped. */
export class KnownHosts {
  readonly #hosts: readonly KnownHost[];

  constructor(text: string) {
    this.#hosts = text.split("\n").flatMap((line, index) => parseLine(line, index + 1) ?? []);
  }

  /** The types of the keys known of a host, to ask it for one of them first. */
  keyTypes(host: string, port: number): readonly string[] {
    return [...new Set(this.#of(host, port).map((known) => known.keyType))];
  }

  /** The fingerprints of the keys known of a host. */
  fingerprints(host: string, port: number): readonly string[] {
    return [...new Set(this.#of(host, port).map((known) => fingerprint(known.key)))];
  }

  /** Judges the key that a host has shown. Another one under its name, of any type, means `changed`. */
  verify(host: string, port: number, key: Buffer): HostKeyVerdict {
    const name = lookupName(host, port);
    const revoked = this.#hosts.find(
      (known) => known.revoked && known.key.equals(key) && known.matches(name),
    );
    if (revoked) return { type: "revoked", line: revoked.line };
    const known = this.#of(host, port);
    if (known.some((entry) => entry.key.equals(key))) return { type: "known" };
    if (known.length === 0) return { type: "unknown" };
    return { type: "changed", lines: known.map((entry) => entry.line) };
  }

  #of(host: string, port: number): readonly KnownHost[] {
    const name = lookupName(host, port);
    return this.#hosts.filter((known) => !known.revoked && known.matches(name));
  }
}

/** As OpenSSH prints it: `SHA256:` and base64 without padding. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The type that a public key's first field names; empty when there is none. */
export function keyTypeOf(key: Buffer): string {
  if (key.length < 4) return "";
  const length = key.readUInt32BE(0);
  return length > 64 ? "" : key.toString("latin1", 4, 4 + length);
}

/** The name by which a host is in the file. */
export function lookupName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

function parseLine(line: string, number: number): KnownHost | undefined {
  const words = line.trim().split(/[ \t]+/);
  const marker = words[0]?.startsWith("@") ? words.shift() : undefined;
  const [names, keyType, keyText] = words;
  if (!names || names.startsWith("#") || !keyType || !keyText) return undefined;
  if (marker !== undefined && marker !== "@revoked") return undefined;
  const key = Buffer.from(keyText, "base64");
  if (keyTypeOf(key) !== keyType) return undefined;
  const matches = names.startsWith("|") ? hashedMatcher(names) : patternMatcher(names);
  return { line: number, revoked: marker === "@revoked", keyType, key, matches };
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, so that the file does not tell which hosts it knows. */
function hashedMatcher(names: string): (name: string) => boolean {
  const [, version, salt, hash] = names.split("|");
  const expected = Buffer.from(hash ?? "", "base64");
  if (version !== "1" || !salt || expected.length !== 20) return () => false;
  return (name) => {
    const digest = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest();
    return timingSafeEqual(digest, expected);
  };
}

/** Comma-separated names with `*` and `?`; one that begins with `!` excludes. */
function patternMatcher(names: string): (name: string) => boolean {
  const patterns = names.split(",").map((pattern) => ({
    negated: pattern.startsWith("!"),
    expression: wildcard(pattern.replace(/^!/, "").toLowerCase()),
  }));
  return (name) => {
    const matching = patterns.filter(({ expression }) => expression.test(name));
    return matching.length > 0 && !matching.some(({ negated }) => negated);
  };
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`);
}
