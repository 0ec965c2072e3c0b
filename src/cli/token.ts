import { createHash } from "node:crypto";
import { formatTime } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import { type AccessToken, AccessTokenKind, tokenBytes, tokenPrefix } from "../schema/access-token.ts";
import { UsageError } from "./exit-codes.ts";
import { get } from "./get.ts";
import { kubeconfigFor } from "./kubeconfig-for.ts";
import type { Session } from "./session.ts";

export interface TokenOptions {
  readonly name: string;
  readonly user: string;
  readonly groups: readonly string[];
  /** Absent: it does not expire. */
  readonly lifeMs: number | undefined;
  readonly output: string | undefined;
}

/** Makes a token here, tells the server its hash, and shows the token: nobody can show it again. */
export async function createToken(session: Session, options: TokenOptions): Promise<void> {
  const { client, clock, stdout } = session;
  const { name, user, groups, lifeMs, output } = options;
  if (output !== undefined && output !== "kubeconfig" && output !== "json") {
    throw new UsageError(`-o ${output} is not kubeconfig or json`);
  }
  const token = `${tokenPrefix}${Buffer.from(systemRandom.bytes(tokenBytes)).toString("base64url")}`;
  const expiresAt = lifeMs === undefined ? undefined : formatTime(clock.now() + lifeMs);
  const made: AccessToken = {
    apiVersion: "ostler.dev/v1",
    kind: "AccessToken",
    metadata: { name },
    spec: {
      userName: user,
      groups: [...groups],
      sha256: createHash("sha256").update(token).digest("hex"),
      ...(expiresAt !== undefined && { expiresAt }),
    },
  };
  await client.create(AccessTokenKind, made);
  if (output === "json") stdout.write(`${JSON.stringify({ name, user, groups, token, expiresAt })}\n`);
  else if (output === "kubeconfig") stdout.write(kubeconfigFor(session, user, { token }));
  else stdout.write(`${token}\n`);
}

/** Lists what is known of tokens. */
export async function listTokens(session: Session): Promise<void> {
  await get(session, [AccessTokenKind.plural], {});
}

/** From now on the server does not know them. */
export async function revokeTokens({ client, stdout }: Session, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await client.delete(AccessTokenKind, { name });
    stdout.write(`accesstoken/${name} revoked\n`);
  }
}
