import { callSeed } from "../api/seed/client.ts";
import { StatusError } from "../runtime/errors.ts";
import type { CliEnvironment } from "./session.ts";

export interface SeedCallFlags {
  readonly url?: string | undefined;
}

const defaultServer = "http://127.0.0.1:8080";

/**
 * Makes one call of the flat API and prints the JSON that it answers. Throws when that says that it failed.
 */
export async function makeSeedCall(
  { stdout, env, signal }: Pick<CliEnvironment, "stdout" | "env" | "signal">,
  path: string,
  parameters: Readonly<Record<string, string | undefined>>,
  flags: SeedCallFlags,
): Promise<void> {
  const server = flags.url ?? (env.OSTLER_SEED_URL || defaultServer);
  const { text, failed, reason } = await callSeed({ server, path, parameters, signal });
  stdout.write(`${text}\n`);
  if (failed) throw new StatusError("Conflict", reason ?? `${path} failed`);
}
