import { type StatusCause, StatusError } from "../../../runtime/errors.ts";
import { formatPath } from "./element.ts";
import { pathsOf } from "./fields.ts";
import type { Manager } from "./managed-entries.ts";
import type { FieldConflict } from "./ownership.ts";

const maxShown = 64;

/** The `Conflict` of an apply, in the words that kubectl shows and explains. */
export function applyConflict(conflicts: readonly FieldConflict[]): StatusError {
  const byManager = conflicts
    .map(({ owner, fields }) => ({ name: nameOf(owner), paths: pathsOf(fields).map(formatPath) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const causes = byManager.flatMap(({ name, paths }) => paths.map((path) => causeOf(name, path)));
  const [only] = causes;
  const message =
    causes.length === 1 && only !== undefined
      ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
      : `Apply failed with ${causes.length} conflicts: ${byManager.map(describe).join("\n")}`;
  return new StatusError("Conflict", message, { causes: causes.slice(0, maxShown) });
}

function describe({ name, paths }: { readonly name: string; readonly paths: readonly string[] }): string {
  const more = paths.length > maxShown ? [`- and ${paths.length - maxShown} more`] : [];
  return [`conflicts with ${name}:`, ...paths.slice(0, maxShown).map((path) => `- ${path}`), ...more].join(
    "\n",
  );
}

function causeOf(name: string, field: string): StatusCause {
  return { field, message: `conflict with ${name}`, reason: "FieldManagerConflict" };
}

function nameOf({ manager, operation, apiVersion, subresource }: Manager): string {
  const name = JSON.stringify(manager);
  const part = subresource === undefined ? "" : ` with subresource ${JSON.stringify(subresource)}`;
  return operation === "Update" ? `${name}${part} using ${apiVersion}` : `${name}${part}`;
}
