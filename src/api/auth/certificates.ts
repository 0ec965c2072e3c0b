import { createPrivateKey, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { join } from "node:path";
import type { Clock } from "../../runtime/clock.ts";
import { ensurePrivateDirectory, readIfThere, writePrivateFile } from "../../runtime/private-file.ts";
import type { Random } from "../../runtime/random.ts";
import {
  type CertificateRequest,
  type KeyPair,
  makeAuthority,
  makeServerPair,
} from "./certificate-writer.ts";

const authorityName = "Ostler CA";
const serverName = "Ostler API";
const dayMs = 86_400_000;
const validityMs = { authority: 3650 * dayMs, server: 365 * dayMs } as const;
const renewBeforeMs = 30 * dayMs;
/** Clocks differ; a certificate is valid a little before it was made. */
const skewMs = dayMs / 24;

export interface CertificateOptions {
  /** Holds `ca.crt`, `ca.key`, `server.crt` and `server.key`, for their owner alone. */
  readonly directory: string;
  /** Names and addresses for the server's certificate. */
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
}

export interface Certificates {
  readonly ca: string;
  readonly server: KeyPair;
}

/**
 * The server's certificate and the authority that signed it: those on disk, or new ones where they are
 * missing, do not fit, lack one of the names or end within 30 days. An authority that is replaced makes
 * older kubeconfigs useless, as it should.
 */
export async function ensureCertificates(options: CertificateOptions): Promise<Certificates> {
  const { directory, names, clock } = options;
  const now = clock.now();
  const stored = { ca: await readPair(directory, "ca"), server: await readPair(directory, "server") };
  const ca = isUsable(stored.ca, now) ? stored.ca : undefined;
  if (ca !== undefined && isUsable(stored.server, now) && fits(stored.server, ca, names)) {
    return { ca: ca.cert, server: stored.server };
  }
  await ensurePrivateDirectory(directory);
  const authority = ca ?? (await makeAuthority(requestOf(options, authorityName, validityMs.authority)));
  if (ca === undefined) await writePair(directory, "ca", authority);
  const request = requestOf(options, serverName, validityMs.server);
  const server = await makeServerPair(request, names, authority);
  await writePair(directory, "server", server);
  return { ca: authority.cert, server };
}

/** A certificate from now on, for so long. */
export function requestOf(
  { clock, random }: Pick<CertificateOptions, "clock" | "random">,
  commonName: string,
  lifeMs: number,
): CertificateRequest {
  const now = clock.now();
  return { commonName, notBefore: now - skewMs, notAfter: now + lifeMs, serial: random.bytes(16) };
}

/** A certificate and its key; undefined unless both are there. */
export async function readPair(directory: string, name: string): Promise<KeyPair | undefined> {
  const cert = await readIfThere(join(directory, `${name}.crt`));
  const key = await readIfThere(join(directory, `${name}.key`));
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

/** The key first: a certificate without its key is found out at the next start. */
export async function writePair(directory: string, name: string, { cert, key }: KeyPair): Promise<void> {
  await writePrivateFile(join(directory, `${name}.key`), key);
  await writePrivateFile(join(directory, `${name}.crt`), cert);
}

/** Whether a pair belongs together and is valid for some time to come. */
export function isUsable(pair: KeyPair | undefined, now: number): pair is KeyPair {
  const certificate = pair && parse(pair.cert);
  if (pair === undefined || certificate === undefined) return false;
  const remaining = certificate.validToDate.getTime() - now;
  const begun = certificate.validFromDate.getTime() <= now;
  return begun && remaining > renewBeforeMs && keyFits(certificate, pair.key);
}

function fits(server: KeyPair, ca: KeyPair, names: readonly string[]): boolean {
  const certificate = parse(server.cert);
  const authority = parse(ca.cert);
  if (certificate === undefined || authority === undefined) return false;
  const covers = (name: string): boolean =>
    (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
  return certificate.verify(authority.publicKey) && names.every(covers);
}

function keyFits(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
