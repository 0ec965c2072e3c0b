import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import {
  derBitString,
  derBoolean,
  derExplicit,
  derImplicit,
  derInteger,
  derOctetString,
  derOid,
  derSequence,
  derSet,
  derTime,
  derUtf8String,
} from "./der.ts";

/** PEM texts: a certificate and its private key (PKCS #8). */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** At most 20 unpredictable bytes. */
  readonly serial: Uint8Array;
}

const oids = {
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  commonName: "2.5.4.3",
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
} as const;

/** A new certificate authority (ECDSA P-256) that signs itself and may sign servers, no other authorities. */
export function makeAuthority(request: CertificateRequest): KeyPair {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keyId = keyIdOf(keys.publicKey);
  const extensions = [
    extension(oids.basicConstraints, true, derSequence(derBoolean(true), derInteger(Uint8Array.of(0)))),
    extension(oids.keyUsage, true, keyUsage.authority),
    extension(oids.subjectKeyId, false, derOctetString(keyId)),
  ];
  const issuer = { name: request.commonName, key: keys.privateKey };
  return pairOf(keys, certificate(request, keys.publicKey, { issuer, extensions }));
}

/** A new server certificate (ECDSA P-256) for these names and addresses, signed by the authority. */
export function makeServerPair(
  request: CertificateRequest,
  names: readonly string[],
  authority: KeyPair & { readonly commonName: string },
): KeyPair {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const authorityKey = createPrivateKey(authority.key);
  const authorityKeyId = derImplicit(0, keyIdOf(createPublicKey(authorityKey)));
  const extensions = [
    extension(oids.basicConstraints, true, derSequence()),
    extension(oids.keyUsage, true, keyUsage.server),
    extension(oids.extendedKeyUsage, false, derSequence(derOid(oids.serverAuth))),
    extension(oids.subjectKeyId, false, derOctetString(keyIdOf(keys.publicKey))),
    extension(oids.authorityKeyId, false, derSequence(authorityKeyId)),
    extension(oids.subjectAltName, false, derSequence(...names.map(generalName))),
  ];
  const issuer = { name: authority.commonName, key: authorityKey };
  return pairOf(keys, certificate(request, keys.publicKey, { issuer, extensions }));
}

/** keyCertSign and cRLSign; digitalSignature. */
const keyUsage = {
  authority: derBitString(Uint8Array.of(0b0000_0110), 1),
  server: derBitString(Uint8Array.of(0b1000_0000), 7),
} as const;

interface Signing {
  readonly issuer: { readonly name: string; readonly key: KeyObject };
  readonly extensions: readonly Uint8Array[];
}

/** RFC 5280, 4.1. */
function certificate(
  { commonName, notBefore, notAfter, serial }: CertificateRequest,
  publicKey: KeyObject,
  { issuer, extensions }: Signing,
): Uint8Array {
  const algorithm = derSequence(derOid(oids.ecdsaWithSha256));
  const body = derSequence(
    derExplicit(0, derInteger(Uint8Array.of(2))),
    derInteger(positive(serial)),
    algorithm,
    nameOf(issuer.name),
    derSequence(derTime(notBefore), derTime(notAfter)),
    nameOf(commonName),
    publicKey.export({ type: "spki", format: "der" }),
    derExplicit(3, derSequence(...extensions)),
  );
  return derSequence(body, algorithm, derBitString(sign("sha256", body, issuer.key)));
}

function positive(serial: Uint8Array): Uint8Array {
  const [first = 0, ...rest] = serial;
  return Uint8Array.of((first & 0x7f) | 0x40, ...rest);
}

function nameOf(commonName: string): Uint8Array {
  return derSequence(derSet(derSequence(derOid(oids.commonName), derUtf8String(commonName))));
}

function extension(oid: string, critical: boolean, value: Uint8Array): Uint8Array {
  return derSequence(derOid(oid), ...(critical ? [derBoolean(true)] : []), derOctetString(value));
}

/** An address by its bytes, anything else as a DNS name. */
function generalName(name: string): Uint8Array {
  if (isIPv4(name)) return derImplicit(7, Uint8Array.from(name.split(".").map(Number)));
  if (isIPv6(name)) return derImplicit(7, ipv6Bytes(name));
  return derImplicit(2, Buffer.from(name, "latin1"));
}

/** The URL parser writes an address in its one canonical form; that leaves only `::` to fill. */
function ipv6Bytes(address: string): Uint8Array {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = canonical.split("::", 2);
  const left = head.split(":").filter((group) => group !== "");
  const right = (tail ?? "").split(":").filter((group) => group !== "");
  const middle = Array.from({ length: 8 - left.length - right.length }, () => "0");
  const groups = [...left, ...middle, ...right].map((group) => Number.parseInt(group, 16));
  return Uint8Array.from(groups.flatMap((group) => [group >>> 8, group & 0xff]));
}

/** RFC 7093, method 1. */
function keyIdOf(key: KeyObject): Uint8Array {
  const spki = key.export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest().subarray(0, 20);
}

function pairOf({ privateKey }: { readonly privateKey: KeyObject }, der: Uint8Array): KeyPair {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return {
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
