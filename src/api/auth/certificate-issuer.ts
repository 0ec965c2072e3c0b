import type { Clock } from "../../runtime/clock.ts";
import { ensurePrivateDirectory } from "../../runtime/private-file.ts";
import type { Random } from "../../runtime/random.ts";
import type { User } from "./authenticator.ts";
import { type KeyPair, makeAuthority, makeClientCertificate } from "./certificate-writer.ts";
import { isUsable, readPair, requestOf, writePair } from "./certificates.ts";

const authorityName = "Ostler client CA";
const authorityLifeMs = 3650 * 86_400_000;

export interface CertificateIssuerOptions {
  /** Holds `client-ca.crt` and `client-ca.key`, for their owner alone. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** Signs the certificates by which users are known. It signs no servers: those have another authority. */
export interface CertificateIssuer {
  /** PEM of the authority. */
  readonly ca: string;
  /** PEM of a certificate for who has the private half of this key. Throws for what is no public key. */
  issue(user: User, publicKey: string, lifeMs: number): Promise<string>;
}

/** The issuer whose authority is on disk, or a new one. A new authority takes all certificates back. */
export async function openCertificateIssuer(options: CertificateIssuerOptions): Promise<CertificateIssuer> {
  const { directory, clock } = options;
  const stored = await readPair(directory, "client-ca");
  const authority = isUsable(stored, clock.now()) ? stored : await makeNew(options);
  return {
    ca: authority.cert,
    issue: ({ name, groups }, publicKey, lifeMs) =>
      makeClientCertificate(
        { ...requestOf(options, name, lifeMs), organizations: groups, publicKey },
        authority,
      ),
  };
}

async function makeNew(options: CertificateIssuerOptions): Promise<KeyPair> {
  await ensurePrivateDirectory(options.directory);
  const authority = await makeAuthority(requestOf(options, authorityName, authorityLifeMs));
  await writePair(options.directory, "client-ca", authority);
  return authority;
}
