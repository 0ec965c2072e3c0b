import { hash as digest, timingSafeEqual } from "node:crypto";

/** Who makes a request. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string | undefined;
  /** What else is known, for reviews and for who impersonates. */
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** A token as it is kept: never the token itself. */
export interface TokenRecord {
  readonly user: User;
  /** SHA-256 of the token, in hexadecimal. */
  readonly sha256: string;
}

/** Tells from the Authorization header who asks; undefined: nobody known. */
export type Authenticator = (authorization: string | undefined) => User | undefined;

/** Accepts `Bearer TOKEN` for the tokens whose hashes are given; as long for any wrong token. */
export function bearerAuthenticator(records: readonly TokenRecord[]): Authenticator {
  const known = records.map(({ user, sha256 }) => ({ user, hash: Buffer.from(sha256, "hex") }));
  return (authorization) => {
    const token = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) return undefined;
    const hash = digest("sha256", token, "buffer");
    let found: User | undefined;
    for (const record of known) {
      if (record.hash.length === hash.length && timingSafeEqual(record.hash, hash)) found = record.user;
    }
    return found;
  };
}

/** The hash by which a token is known. */
export function hashToken(token: string): string {
  return digest("sha256", token);
}
