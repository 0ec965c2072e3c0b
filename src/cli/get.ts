import type { Selection } from "../api/client.ts";
import { hasReason, StatusError } from "../runtime/errors.ts";
import { apiVersionOf, type Kind } from "../schema/kind.ts";
import type { Resource } from "../schema/meta.ts";
import { UsageError } from "./exit-codes.ts";
import { formatTable, toYaml } from "./output.ts";
import type { Session } from "./session.ts";
import { keyIn, labelOf, parseTarget, type Target } from "./target.ts";

export interface GetOptions {
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly output?: string;
  readonly watch?: boolean;
}

/** Shows objects: a table for people, or JSON, YAML or names for programs. */
export async function get(session: Session, words: readonly string[], options: GetOptions): Promise<void> {
  const target = parseTarget(words);
  const selection = selectionOf(session, target, options);
  if (options.watch) {
    await watchTable(session, target.kind, selection, options);
    return;
  }
  switch (options.output) {
    case undefined:
    case "wide":
      await printTable(session, target, selection, options);
      return;
    case "json":
    case "yaml":
    case "name":
      await printObjects(session, target, selection, options.output);
      return;
    default:
      throw new UsageError("--output must be json, yaml, wide or name");
  }
}

function selectionOf(session: Session, { kind, names }: Target, options: GetOptions): Selection {
  const only = names.length === 1 ? [`metadata.name=${names[0]}`] : [];
  if (names.length > 1 && options.watch) throw new UsageError("--watch takes at most one name");
  if (names.length > 0 && options.allNamespaces)
    throw new UsageError("a name is in one namespace; leave out -A");
  return {
    namespace: kind.namespaced && !options.allNamespaces ? session.namespace : undefined,
    labelSelector: options.selector,
    fieldSelector:
      [...only, ...(options.fieldSelector ? [options.fieldSelector] : [])].join(",") || undefined,
  };
}

async function printTable(
  session: Session,
  { kind, names }: Target,
  selection: Selection,
  options: GetOptions,
): Promise<void> {
  const table = await session.client.table(kind, selection);
  const rows =
    names.length === 0 ? table.rows : table.rows.filter(({ cells }) => names.includes(String(cells[0])));
  const missing = names.filter((name) => !rows.some(({ cells }) => cells[0] === name));
  if (rows.length > 0) session.stdout.write(formatTable({ ...table, rows }, viewOf(kind, options)));
  else if (names.length === 0) session.stderr.write(`no ${kind.plural} ${placeOf(selection)}\n`);
  if (missing.length > 0) throw notFound(kind, missing);
}

async function printObjects(
  session: Session,
  { kind, names }: Target,
  selection: Selection,
  output: "json" | "yaml" | "name",
): Promise<void> {
  const objects = await readObjects(session, { kind, names }, selection);
  if (output === "name") {
    for (const { metadata } of objects) session.stdout.write(`${labelOf(kind, metadata.name)}\n`);
    return;
  }
  const [single] = objects;
  const value = names.length === 1 ? single : { apiVersion: "v1", kind: "List", items: objects };
  session.stdout.write(output === "json" ? `${JSON.stringify(value, undefined, 2)}\n` : toYaml(value));
}

async function readObjects(
  { client, namespace }: Session,
  { kind, names }: Target,
  selection: Selection,
): Promise<readonly Resource[]> {
  if (names.length > 0) {
    return Promise.all(names.map((name) => client.get(kind, keyIn(kind, namespace, name))));
  }
  const { items } = await client.list(kind, selection);
  return items.map((item) => ({ ...item, apiVersion: apiVersionOf(kind), kind: kind.kind }));
}

/** What there is and then what changes, until the signal aborts. */
async function watchTable(
  session: Session,
  kind: Kind,
  selection: Selection,
  options: GetOptions,
): Promise<void> {
  if (options.output !== undefined && options.output !== "wide") {
    throw new UsageError("--watch shows a table; --output may only be wide");
  }
  const { client, signal, stdout } = session;
  while (!signal.aborted) {
    const table = await client.table(kind, selection);
    stdout.write(formatTable(table, viewOf(kind, options)));
    const since = table.metadata.resourceVersion;
    try {
      for await (const { type, object } of client.watchTable(kind, { ...selection, since, signal })) {
        if (type === "BOOKMARK") continue;
        const row = { ...object, columnDefinitions: table.columnDefinitions };
        stdout.write(formatTable(row, { ...viewOf(kind, options), headers: false }));
      }
    } catch (error) {
      if (!hasReason(error, "Expired")) throw error;
    }
  }
}

function viewOf(kind: Kind, { output, allNamespaces = false }: GetOptions) {
  return { wide: output === "wide", namespaces: kind.namespaced && allNamespaces, headers: true };
}

function placeOf({ namespace, labelSelector, fieldSelector }: Selection): string {
  const matching = labelSelector || fieldSelector ? " that match" : "";
  return `${namespace === undefined ? "anywhere" : `in namespace ${namespace}`}${matching}`;
}

function notFound(kind: Kind, names: readonly string[]): StatusError {
  const list = names.map((name) => labelOf(kind, name)).join(", ");
  return new StatusError("NotFound", `${list}: not found; "ostler get ${kind.plural}" shows what there is`);
}
