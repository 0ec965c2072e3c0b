import { access, readFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import type { ClientConfig } from "../api/client.ts";
import { messageOf } from "../runtime/errors.ts";
import { isRecord } from "../schema/plain.ts";
import { readYamlDocuments } from "../schema/yaml-documents.ts";
import { UsageError } from "./exit-codes.ts";
import { pluginVariable } from "./plugin.ts";

/** The server of a kubeconfig's context, and the namespace it prefers. */
export interface Connection extends ClientConfig {
  readonly namespace: string;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Fields = Readonly<Record<string, unknown>>;

/**
 * The kubeconfig files to use, as kubectl reads several of them: the one given, `$OSTLER_KUBECONFIG`,
 * `./state/kubeconfig`, `/var/lib/ostler/state/kubeconfig`, those in `$KUBECONFIG` or `~/.kube/config`,
 * whichever comes first; files that are not named only if they exist. As a plugin of kubectl only the last
 * two count.
 */
export async function findKubeconfig(
  given: string | undefined,
  env: Environment,
): Promise<readonly string[]> {
  if (given) return [given];
  const isPlugin = env[pluginVariable] !== undefined;
  if (!isPlugin) {
    if (env.OSTLER_KUBECONFIG) return [env.OSTLER_KUBECONFIG];
    for (const path of ["state/kubeconfig", "/var/lib/ostler/state/kubeconfig"]) {
      if (await exists(path)) return [path];
    }
  }
  const listed = (env.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  if (listed.length > 0) return existing(listed);
  const own = join(env.HOME ?? "/", ".kube/config");
  if (await exists(own)) return [own];
  throw new UsageError("no kubeconfig found; start the server here (ostler serve) or give --kubeconfig PATH");
}

/** As kubectl: of several files those that are not there do not matter. */
async function existing(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map(exists));
  const there = paths.filter((_path, index) => found[index]);
  return there.length > 0 ? there : paths;
}

/**
 * Reads a context, the current one unless named, of one kubeconfig or of several, of which the first to say
 * something counts. Throws `UsageError` saying what they lack, or what in them is not supported here.
 */
export async function readKubeconfig(
  paths: string | readonly string[],
  contextName?: string,
): Promise<Connection> {
  const files = await Promise.all((typeof paths === "string" ? [paths] : paths).map(readFileOf));
  const current = files.map(({ config }) => textAt(config, "current-context")).find((name) => name);
  const chosen = named(files, "contexts", contextName ?? current);
  const { context } = chosen.entry;
  const cluster = named(files, "clusters", textAt(context, "cluster"));
  const user = named(files, "users", textAt(context, "user"));
  const server = textAt(cluster.entry.cluster, "server");
  if (server === undefined) throw new UsageError(`${cluster.path}: the cluster has no server`);
  refuseUnsupported(cluster.path, cluster.entry.cluster, unsupportedOfClusters);
  refuseUnsupported(user.path, user.entry.user, unsupportedOfUsers);
  const cert = await dataOrFile(user.entry.user, "client-certificate", user.path);
  const key = await dataOrFile(user.entry.user, "client-key", user.path);
  const serverName = textAt(cluster.entry.cluster, "tls-server-name");
  return {
    server,
    ca: await dataOrFile(cluster.entry.cluster, "certificate-authority", cluster.path),
    token: await tokenOf(user.entry.user, user.path),
    certificate: cert === undefined || key === undefined ? undefined : { cert, key },
    ...(serverName !== undefined && { serverName }),
    namespace: textAt(context, "namespace") ?? "default",
  };
}

interface ConfigFile {
  readonly path: string;
  readonly config: unknown;
}

async function readFileOf(path: string): Promise<ConfigFile> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new UsageError(`cannot read the kubeconfig: ${messageOf(error)}`);
  });
  const [document] = readYamlDocuments(text);
  if (document?.type !== "document") throw new UsageError(`${path}: not a kubeconfig`);
  return { path, config: document.value };
}

function named(
  files: readonly ConfigFile[],
  list: string,
  name: string | undefined,
): { readonly path: string; readonly entry: Fields } {
  for (const { path, config } of name === undefined ? [] : files) {
    const entries = isRecord(config) ? config[list] : undefined;
    const entry = Array.isArray(entries)
      ? entries.find((entry) => textAt(entry, "name") === name)
      : undefined;
    if (isRecord(entry)) return { path, entry };
  }
  const where = files.map(({ path }) => path).join(", ");
  const what = name === undefined ? "no current context" : `no "${name}" in ${list}`;
  throw new UsageError(`${where}: there is ${what}`);
}

/** What would be silently another connection if it were passed over, with what to do instead. */
const unsupportedOfClusters = {
  "insecure-skip-tls-verify": "the server is always verified: give certificate-authority-data",
  "proxy-url": "there is no way through a proxy here",
} as const;
const unsupportedOfUsers = {
  exec: "no program is run for credentials: give a token, a tokenFile or a client certificate",
  "auth-provider": "no provider is asked for credentials: give a token, a tokenFile or a client certificate",
  username: "there are no passwords here: give a token, a tokenFile or a client certificate",
  as: "who asks is who the credentials say: impersonation is kubectl's",
} as const;

function refuseUnsupported(path: string, holder: unknown, fields: Readonly<Record<string, string>>): void {
  for (const [field, why] of Object.entries(fields)) {
    const value = isRecord(holder) ? holder[field] : undefined;
    if (value !== undefined && value !== false && value !== "") {
      throw new UsageError(`${path}: ${field} is not supported: ${why}`);
    }
  }
}

/** As kubectl: the file, which somebody keeps fresh, goes before the token. */
async function tokenOf(user: unknown, path: string): Promise<string | undefined> {
  const file = textAt(user, "tokenFile");
  return file === undefined ? textAt(user, "token") : (await readBeside(path, file)).trim();
}

/** `FIELD-data` in base64, or the file that `FIELD` names, relative to the kubeconfig. */
async function dataOrFile(holder: unknown, field: string, path: string): Promise<string | undefined> {
  const data = textAt(holder, `${field}-data`);
  if (data !== undefined && data !== "") return Buffer.from(data, "base64").toString();
  const file = textAt(holder, field);
  return file === undefined || file === "" ? undefined : readBeside(path, file);
}

function readBeside(path: string, file: string): Promise<string> {
  return readFile(resolve(dirname(resolve(path)), file), "utf8").catch((error: unknown) => {
    throw new UsageError(`${path}: ${messageOf(error)}`);
  });
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
