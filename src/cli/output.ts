import { stringify } from "yaml";
import type { Table } from "../api/client.ts";

/** YAML as people write it: no anchors, no folded lines. */
export function toYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** Rows in columns as wide as their widest cell, three spaces apart; nothing after the last. */
export function formatColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("   ")
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join("");
}

export interface TableView {
  /** All columns, not only the important ones. */
  readonly wide: boolean;
  /** Each row begins with its object's namespace. */
  readonly namespaces: boolean;
  readonly headers: boolean;
}

/** A table of the server as text. Control characters in cells are shown as `?`. */
export function formatTable({ columnDefinitions, rows }: Table, view: TableView): string {
  const columns = columnDefinitions ?? [];
  const shown = columns.flatMap(({ priority }, index) => (view.wide || priority === 0 ? [index] : []));
  const head = view.headers ? [shown.map((index) => (columns[index]?.name ?? "").toUpperCase())] : [];
  const body = rows.map(({ cells }) => shown.map((index) => printable(String(cells[index] ?? ""))));
  if (!view.namespaces) return formatColumns([...head, ...body]);
  const namespaces = rows.map(({ object }) => object?.metadata.namespace ?? "");
  return formatColumns([
    ...head.map((names) => ["NAMESPACE", ...names]),
    ...body.map((cells, index) => [namespaces[index] ?? "", ...cells]),
  ]);
}

/** Text from a guest or a host must not move the cursor. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "?");
}

/** Every line of a text moved to the right. */
export function indent(text: string, spaces = 2): string {
  return text.replaceAll(/^(?=.)/gm, " ".repeat(spaces));
}
