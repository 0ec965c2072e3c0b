import { join } from "node:path";
import { ensurePrivateDirectory, readIfThere, writePrivateFile } from "../../runtime/private-file.ts";
import type { Random } from "../../runtime/random.ts";
import { isRecord } from "../../schema/plain.ts";
import { hashToken, type TokenRecord, type User } from "./authenticator.ts";
import { readToken } from "./kubeconfig.ts";

/** The first user, who may do everything. */
export const adminUser: User = { name: "admin", groups: ["system:masters"] };

/** 256 bits. */
const tokenBytes = 32;

export interface AdminTokenOptions {
  /** Where the hash is kept. */
  readonly directory: string;
  /** Where the token itself is, if anywhere. */
  readonly kubeconfigPath: string;
  readonly random: Random;
}

export interface AdminToken {
  readonly token: string;
  readonly records: readonly TokenRecord[];
}

/**
 * The administrator's token: the one in the kubeconfig if its hash is on record, else a new one. To revoke
 * it, delete either file and restart. Only the hash is kept here; the caller writes the kubeconfig.
 */
export async function ensureAdminToken(options: AdminTokenOptions): Promise<AdminToken> {
  const path = join(options.directory, "tokens.json");
  const known = hashOnRecord(await readIfThere(path));
  const kept = readToken((await readIfThere(options.kubeconfigPath)) ?? "");
  if (kept !== undefined && known === hashToken(kept)) return withRecord(kept);
  const token = `ostler_${Buffer.from(options.random.bytes(tokenBytes)).toString("base64url")}`;
  const made = withRecord(token);
  await ensurePrivateDirectory(options.directory);
  await writePrivateFile(path, `${JSON.stringify({ tokens: made.records }, undefined, 2)}\n`);
  return made;
}

function withRecord(token: string): AdminToken {
  return { token, records: [{ user: adminUser, sha256: hashToken(token) }] };
}

function hashOnRecord(text: string | undefined): string | undefined {
  const [record] = tokensOf(parse(text ?? "null"));
  return isRecord(record) && typeof record.sha256 === "string" ? record.sha256 : undefined;
}

function tokensOf(file: unknown): readonly unknown[] {
  return isRecord(file) && Array.isArray(file.tokens) ? file.tokens : [];
}

/** A file that cannot be read holds no token: a new one is made. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
