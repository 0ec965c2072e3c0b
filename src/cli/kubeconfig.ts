import { access, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ClientConfig } from "../api/client.ts";
import { messageOf } from "../runtime/errors.ts";
import { isRecord } from "../schema/plain.ts";
import { readYamlDocuments } from "../schema/yaml-documents.ts";
import { UsageError } from "./exit-codes.ts";

/** The server of a kubeconfig's current context, and the namespace it prefers. */
export interface Connection extends ClientConfig {
  readonly namespace: string;
}

/**
 * The kubeconfig to use: the one given, `$OSTLER_KUBECONFIG`, `./state/kubeconfig`,
 * `/var/lib/ostler/state/kubeconfig` or `$KUBECONFIG`, whichever comes first; the two files only if they
 * exist.
 */
export async function findKubeconfig(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if (given) return given;
  if (env.OSTLER_KUBECONFIG) return env.OSTLER_KUBECONFIG;
  for (const path of ["state/kubeconfig", "/var/lib/ostler/state/kubeconfig"]) {
    if (await exists(path)) return path;
  }
  if (env.KUBECONFIG) return env.KUBECONFIG;
  throw new UsageError("no kubeconfig found; start the server here (ostler serve) or give --kubeconfig PATH");
}

/** Reads the current context of a kubeconfig. Throws `UsageError` saying what the file lacks. */
export async function readKubeconfig(path: string): Promise<Connection> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new UsageError(`cannot read the kubeconfig: ${messageOf(error)}`);
  });
  const [document] = readYamlDocuments(text);
  if (document?.type !== "document") throw new UsageError(`${path}: not a kubeconfig`);
  const config = document.value;
  const context = named(config, "contexts", textAt(config, "current-context"), path).context;
  const { cluster } = named(config, "clusters", textAt(context, "cluster"), path);
  const { user } = named(config, "users", textAt(context, "user"), path);
  const server = textAt(cluster, "server");
  if (server === undefined) throw new UsageError(`${path}: the cluster has no server`);
  const read = (holder: unknown, field: string): Promise<string | undefined> =>
    dataOrFile(holder, field, dirname(resolve(path)));
  const cert = await read(user, "client-certificate");
  const key = await read(user, "client-key");
  return {
    server,
    ca: await read(cluster, "certificate-authority"),
    token: textAt(user, "token"),
    certificate: cert === undefined || key === undefined ? undefined : { cert, key },
    namespace: textAt(context, "namespace") ?? "default",
  };
}

function named(
  config: unknown,
  list: string,
  name: string | undefined,
  path: string,
): Record<string, unknown> {
  const entries = isRecord(config) ? config[list] : undefined;
  const found = Array.isArray(entries) ? entries.find((entry) => textAt(entry, "name") === name) : undefined;
  if (isRecord(found) && name !== undefined) return found;
  throw new UsageError(`${path}: its current context has no entry in ${list}`);
}

/** `FIELD-data` in base64, or the file that `FIELD` names, relative to the kubeconfig. */
async function dataOrFile(holder: unknown, field: string, directory: string): Promise<string | undefined> {
  const data = textAt(holder, `${field}-data`);
  if (data !== undefined) return Buffer.from(data, "base64").toString();
  const file = textAt(holder, field);
  return file === undefined ? undefined : readFile(resolve(directory, file), "utf8");
}

function textAt(value: unknown, name: string): string | undefined {
  const text = isRecord(value) ? value[name] : undefined;
  return typeof text === "string" ? text : undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
