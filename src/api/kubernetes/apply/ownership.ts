import type { FieldChanges } from "./compare.ts";
import { difference, type Fields, intersection, union } from "./fields.ts";
import { capUpdaters, isSameManager, type ManagedEntry, type Manager } from "./managed-entries.ts";

/** Fields of one manager that another wants to change. */
export interface FieldConflict {
  readonly owner: Manager;
  readonly fields: Fields;
}

/** What of others a writer would change. */
export function conflictsWith(
  entries: readonly ManagedEntry[],
  writer: Manager,
  { changed }: FieldChanges,
): readonly FieldConflict[] {
  return entries
    .filter((entry) => !isSameManager(entry, writer))
    .flatMap((entry) => {
      const fields = intersection(entry.fields, changed);
      return fields === undefined ? [] : [{ owner: entry, fields }];
    });
}

/** The entries after a change: what was changed or removed belongs to none of them any more. */
export function afterChange(
  entries: readonly ManagedEntry[],
  { changed, removed }: FieldChanges,
): readonly ManagedEntry[] {
  if (changed === undefined && removed === undefined) return entries;
  return entries.flatMap((entry) => {
    const fields = difference(difference(entry.fields, changed), removed);
    if (fields === entry.fields) return [entry];
    return fields === undefined ? [] : [{ ...entry, fields }];
  });
}

/** The entries after an update by `writer`, who owns what it changed besides what it owned before. */
export function afterUpdate(
  entries: readonly ManagedEntry[],
  writer: Manager & { readonly time: string },
  changes: FieldChanges,
): readonly ManagedEntry[] {
  const left = afterChange(entries, changes);
  if (changes.changed === undefined) return left;
  const own = left.find((entry) => isSameManager(entry, writer));
  const fields = union(own?.fields, changes.changed) ?? changes.changed;
  return capUpdaters([...left.filter((entry) => entry !== own), { ...writer, fields }]);
}
