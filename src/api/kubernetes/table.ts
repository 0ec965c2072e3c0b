import { formatAge } from "../../runtime/age.ts";
import { parseTime } from "../../runtime/clock.ts";
import type { Column, Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import { fieldOf, type JsonObject } from "./json.ts";

/** How much of each object a table carries beside its cells. */
export type IncludeObject = "None" | "Metadata" | "Object";

export interface TableOptions {
  readonly now: number;
  readonly include: IncludeObject;
  /** A watch gives the column definitions in its first frame only. */
  readonly headers: boolean;
  /** Of `meta.k8s.io`; they are the same but for the name. */
  readonly version?: "v1" | "v1beta1";
}

/** The columns of `kubectl get` as Kubernetes' `Table` describes them: the name, the kind's own, the age. */
export function columnDefinitions(kind: Kind): readonly JsonObject[] {
  const own = kind.columns.map((column) => ({
    name: column.name,
    type: column.type === "date" ? "string" : column.type,
    format: "",
    description: column.description ?? `The object's ${column.path}.`,
    priority: column.wide ? 1 : 0,
  }));
  return kind.columnsAlone ? own : [nameColumn, ...own, ageColumn];
}

const nameColumn: JsonObject = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name of the object.",
  priority: 0,
};

const ageColumn: JsonObject = {
  name: "Age",
  type: "string",
  format: "",
  description: "Time since creation.",
  priority: 0,
};

/** Objects as a `Table`, with ages as of `now`. */
export function tableOf(
  kind: Kind,
  items: readonly Resource[],
  metadata: JsonObject,
  options: TableOptions,
): JsonObject {
  return {
    ...tableHead(kind, metadata, options),
    rows: items.map((item) => rowOf(kind, item, options)),
  };
}

/** A `Table` but for its rows. */
export function tableHead(
  kind: Kind,
  metadata: JsonObject,
  { headers, version = "v1" }: Pick<TableOptions, "headers" | "version">,
): JsonObject {
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: headers ? columnDefinitions(kind) : null,
  };
}

/** The metadata of an object alone, as informers that need no more ask for it. */
export function metadataOf(resource: Resource, version: "v1" | "v1beta1" = "v1"): JsonObject {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: `meta.k8s.io/${version}`,
    metadata: resource.metadata,
  };
}

/** One row of a `Table`. */
export function rowOf(kind: Kind, item: Resource, { now, include, version }: TableOptions): JsonObject {
  const own = kind.columns.map((column) => cellOf(column, item, now));
  const { name, creationTimestamp } = item.metadata;
  const cells = kind.columnsAlone ? own : [name, ...own, ageOf(creationTimestamp, now)];
  switch (include) {
    case "None":
      return { cells };
    case "Metadata":
      return { cells, object: metadataOf(item, version) };
    case "Object":
      return { cells, object: item };
  }
}

function cellOf(column: Column, item: Resource, now: number): string | number | boolean {
  const found = valueAt(item, column.path);
  const value = column.show === undefined ? found : column.show(found, item);
  if (column.type === "date" && (value !== undefined || column.show === undefined)) return ageOf(value, now);
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    default:
      return "";
  }
}

function ageOf(value: unknown, now: number): string {
  if (typeof value !== "string") return "<unknown>";
  const time = parseTime(value);
  return Number.isNaN(time) ? "<invalid>" : formatAge(now - time);
}

/** A dotted path; `conditions[Ready]` is the list item whose type or name is `Ready`. */
function valueAt(item: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((at, step) => {
    const [name = "", key] = step.split(/[[\]]/);
    const field = fieldOf(at, name);
    if (key === undefined) return field;
    if (!Array.isArray(field)) return undefined;
    return field.find((entry) => fieldOf(entry, "type") === key || fieldOf(entry, "name") === key);
  }, item);
}
