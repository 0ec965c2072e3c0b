import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../runtime/errors.ts";
import { type Manifest, type ManifestProblem, parseManifests } from "../schema/manifest.ts";
import { UsageError } from "./exit-codes.ts";
import type { Session } from "./session.ts";

export interface ReadManifests {
  readonly manifests: readonly Manifest[];
  /** One line each: file, line, column, field, what is wrong. */
  readonly problems: readonly string[];
}

/**
 * Reads files, the YAML and JSON files of folders, and standard input (`-`). Objects that name no namespace
 * are in the session's.
 */
export async function readManifests(
  paths: readonly string[],
  { readStdin, namespace }: Pick<Session, "readStdin" | "namespace">,
): Promise<ReadManifests> {
  if (paths.length === 0) throw new UsageError("say what to read: -f FILE, -f DIRECTORY or -f -");
  const files = (await Promise.all(paths.map(filesAt))).flat();
  const parsed = await Promise.all(
    files.map(async (file) =>
      file === "-"
        ? parseManifests(await readStdin(), "standard input", { namespace })
        : parseManifests(await readFile(file), file, { namespace }),
    ),
  );
  const manifests = parsed.flatMap((each) => each.manifests);
  const problems = parsed.flatMap((each) => each.problems.map(formatProblem));
  if (manifests.length + problems.length > 0) return { manifests, problems };
  const where = paths.map((path) => (path === "-" ? "standard input" : path)).join(", ");
  const hint = files.length > 0 ? "" : ": of a folder the files *.yaml, *.yml and *.json are read";
  throw new UsageError(`there are no objects in ${where}${hint}`);
}

async function filesAt(path: string): Promise<readonly string[]> {
  if (path === "-") return [path];
  const found = await stat(path).catch((error: unknown) => {
    throw new UsageError(`cannot read ${path}: ${messageOf(error)}`);
  });
  if (!found.isDirectory()) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => /\.(ya?ml|json)$/.test(name) && !name.startsWith("."))
    .sort()
    .map((name) => join(path, name));
}

function formatProblem({ file, line, column, path, message }: ManifestProblem): string {
  return `${file}:${line}:${column}: ${path === undefined ? "" : `${path}: `}${message}`;
}
