import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "./exit-codes.ts";
import { findKubeconfig } from "./kubeconfig.ts";
import { readServeOptions } from "./serve-options.ts";

export interface StateDirWish {
  /** As it was given: it counts before all else. */
  readonly stateDir?: string | undefined;
  /** A file of settings of `serve`. */
  readonly config?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const whatToDo =
  "give --state-dir DIR, the directory that `ostler serve` keeps its state in, on the machine where it runs";

/**
 * The state directory whose audit log is meant: the one that is given, else that of the settings, else the
 * one that holds the kubeconfig in use, where the server writes it. Throws `UsageError` when that is none.
 */
export async function findStateDir({ stateDir, config, kubeconfig, env }: StateDirWish): Promise<string> {
  if (stateDir !== undefined) return stateDir;
  if (config !== undefined) return (await readServeOptions({ config })).stateDir;
  const [path] = await findKubeconfig(kubeconfig, env).catch(() => []);
  if (path === undefined) throw new UsageError(`no kubeconfig tells where the audit log is: ${whatToDo}`);
  const directory = dirname(resolve(path));
  if (existsSync(join(directory, "audit"))) return directory;
  throw new UsageError(`there is no audit log beside the kubeconfig in use, ${path}: ${whatToDo}`);
}
