import type { Selection, Table } from "../api/client.ts";
import { hasReason, StatusError } from "../runtime/errors.ts";
import { apiVersionOf, type Kind } from "../schema/kind.ts";
import type { Resource } from "../schema/meta.ts";
import { NamespaceKind } from "../schema/namespace.ts";
import { UsageError } from "./exit-codes.ts";
import { formatTable, toYaml } from "./output.ts";
import type { Session } from "./session.ts";
import { keyIn, labelOf, parseTargets, type Target } from "./target.ts";

export interface GetOptions {
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly output?: string;
  readonly watch?: boolean;
  /** Show in JSON and YAML who wrote which field. */
  readonly showManagedFields?: boolean;
}

/** A kind, and which objects of it. */
interface Selected extends Target {
  readonly selection: Selection;
}

/** Shows objects: for people a table of each kind, for programs JSON, YAML or names. */
export async function get(session: Session, words: readonly string[], options: GetOptions): Promise<void> {
  const targets = parseTargets(words).map((target) => select(session, target, options));
  if (options.watch) {
    await watchTable(session, theOnly(targets), options);
    return;
  }
  switch (options.output) {
    case undefined:
    case "wide":
      await printTables(session, targets, options);
      return;
    case "json":
    case "yaml":
    case "name":
      await printObjects(session, targets, { ...options, output: options.output });
      return;
    default:
      throw new UsageError("--output must be json, yaml, wide or name");
  }
}

function select(session: Session, { kind, names }: Target, options: GetOptions): Selected {
  const only = names.length === 1 ? [`metadata.name=${names[0]}`] : [];
  if (names.length > 1 && options.watch) throw new UsageError("--watch takes at most one name");
  if (names.length > 0 && options.allNamespaces)
    throw new UsageError("a name is in one namespace; leave out -A");
  const selection = {
    namespace: kind.namespaced && !options.allNamespaces ? session.namespace : undefined,
    labelSelector: options.selector,
    fieldSelector:
      [...only, ...(options.fieldSelector ? [options.fieldSelector] : [])].join(",") || undefined,
  };
  return { kind, names, selection };
}

function theOnly(targets: readonly Selected[]): Selected {
  const [target, ...others] = targets;
  if (target !== undefined && others.length === 0) return target;
  throw new UsageError("--watch takes one kind");
}

/** With several kinds, rows begin with their kind, and kinds without objects are left out. */
async function printTables(
  session: Session,
  targets: readonly Selected[],
  options: GetOptions,
): Promise<void> {
  const { client, stdout, stderr } = session;
  const found = await Promise.all(
    targets.map(async (target) => ({ target, table: await client.table(target.kind, target.selection) })),
  );
  const shown = found.flatMap(({ target, table }) => {
    const rows = table.rows.filter((row) => isNamed(target, row));
    const labelled = targets.length === 1 ? rows : rows.map((row) => labelRow(target.kind, row));
    return rows.length === 0 ? [] : [formatTable({ ...table, rows: labelled }, viewOf(target.kind, options))];
  });
  stdout.write(shown.join("\n"));
  const missing = found.flatMap(({ target: { kind, names }, table }) =>
    names
      .filter((name) => !table.rows.some((row) => nameOf(row) === name))
      .map((name) => labelOf(kind, name)),
  );
  if (missing.length > 0) throw notFound(missing);
  if (shown.length > 0) return;
  stderr.write(`no ${targets.map(describeSelected).join(", no ")}${await whyNothing(session, targets)}\n`);
}

/** In a namespace that is not there nothing is, and nobody says so but who is asked for it. */
async function whyNothing({ client, namespace }: Session, targets: readonly Selected[]): Promise<string> {
  if (targets.every(({ selection }) => selection.namespace === undefined)) return "";
  try {
    await client.get(NamespaceKind, { name: namespace });
  } catch (error) {
    if (hasReason(error, "NotFound")) return `; there is no namespace ${namespace}`;
  }
  return "";
}

type Row = Table["rows"][number];

/** Not every kind shows it in its first column. */
function nameOf({ cells, object }: Row): string {
  return object?.metadata.name ?? String(cells[0]);
}

function isNamed({ names }: Target, row: Row): boolean {
  return names.length === 0 || names.includes(nameOf(row));
}

function labelRow(kind: Kind, row: Row): Row {
  const [name = "", ...cells] = row.cells;
  return { ...row, cells: [labelOf(kind, String(name)), ...cells] };
}

async function printObjects(
  session: Session,
  targets: readonly Selected[],
  { output, showManagedFields = false }: GetOptions & { readonly output: "json" | "yaml" | "name" },
): Promise<void> {
  const { client, namespace, stdout } = session;
  const read = async ({ kind, names, selection }: Selected): Promise<readonly Resource[]> => {
    if (names.length > 0) {
      return Promise.all(names.map((name) => client.get(kind, keyIn(kind, namespace, name))));
    }
    const { items } = await client.list(kind, selection);
    return items.map((item) => ({ ...item, apiVersion: apiVersionOf(kind), kind: kind.kind }));
  };
  const found = await Promise.all(targets.map(async (target) => ({ target, objects: await read(target) })));
  if (output === "name") {
    for (const { target, objects } of found) {
      for (const { metadata } of objects) stdout.write(`${labelOf(target.kind, metadata.name)}\n`);
    }
    return;
  }
  const all = found.flatMap((one) => one.objects);
  const objects = showManagedFields ? all : all.map(withoutManagedFields);
  const value =
    targets[0]?.names.length === 1 ? objects[0] : { apiVersion: "v1", kind: "List", items: objects };
  stdout.write(output === "json" ? `${JSON.stringify(value, undefined, 2)}\n` : toYaml(value));
}

/** Who wrote which field is for programs, and longer than all the rest. */
function withoutManagedFields(resource: Resource): Resource {
  const { managedFields: _, ...metadata } = resource.metadata;
  return { ...resource, metadata };
}

/** What there is and then what changes, until the signal aborts. */
async function watchTable(
  session: Session,
  { kind, selection }: Selected,
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

function describeSelected({ kind, selection }: Selected): string {
  const { namespace, labelSelector, fieldSelector } = selection;
  const matching = labelSelector || fieldSelector ? " that match" : "";
  return `${kind.plural} ${namespace === undefined ? "anywhere" : `in namespace ${namespace}`}${matching}`;
}

function notFound(labels: readonly string[]): StatusError {
  const [kind = ""] = labels[0]?.split("/") ?? [];
  const message = `${labels.join(", ")}: not found; "ostler get ${kind}" shows what there is`;
  return new StatusError("NotFound", message);
}
