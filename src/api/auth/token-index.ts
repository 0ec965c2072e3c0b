import { hash as digest, timingSafeEqual } from "node:crypto";
import { parseTime } from "../../runtime/clock.ts";
import { type AccessToken, tokenPrefix } from "../../schema/access-token.ts";
import type { User } from "./authenticator.ts";

/** A token that is known, as whom it acts and how it is called. */
export interface KnownToken {
  readonly user: User;
  readonly token: AccessToken;
}

interface Entry extends KnownToken {
  readonly hash: Buffer;
  /** Epoch milliseconds; infinity: never. */
  readonly expiresAtMs: number;
}

/** 256 bits in base64url: what is shorter was not made by us and is not worth a look. */
const wellFormed = new RegExp(`^Bearer +(${tokenPrefix}[A-Za-z0-9_-]{43})$`, "i");

/**
 * The tokens by their hashes. Finding one takes as long whatever part of a token is right: what is looked up
 * is a hash, of which nobody can choose a part.
 */
export class TokenIndex {
  readonly #entries = new Map<string, Entry>();

  put(token: AccessToken): void {
    this.remove(token);
    const { userName, groups, sha256, expiresAt } = token.spec;
    const expiresAtMs = expiresAt === undefined ? Number.POSITIVE_INFINITY : parseTime(expiresAt);
    const user = { name: userName, groups, extra: { "ostler.dev/token": [token.metadata.name] } };
    this.#entries.set(sha256, { user, token, hash: Buffer.from(sha256, "hex"), expiresAtMs });
  }

  remove({ spec, metadata }: AccessToken): void {
    const known = this.#entries.get(spec.sha256);
    if (known?.token.metadata.name === metadata.name) this.#entries.delete(spec.sha256);
  }

  /** Who shows a token in an Authorization header; undefined when it is none, unknown or expired. */
  find(authorization: string | undefined, now: number): KnownToken | undefined {
    const text = wellFormed.exec(authorization ?? "")?.[1];
    if (text === undefined || this.#entries.size === 0) return undefined;
    const hash = digest("sha256", text, "buffer");
    const entry = this.#entries.get(hash.toString("hex"));
    if (entry === undefined || !timingSafeEqual(entry.hash, hash)) return undefined;
    return now < entry.expiresAtMs ? entry : undefined;
  }
}
