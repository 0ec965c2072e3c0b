import { deepEqual } from "../../../runtime/equal.ts";
import type { Kind } from "../../../schema/kind.ts";
import { apiVersionOf } from "../../../schema/kind.ts";
import type { Resource } from "../../../schema/meta.ts";
import { compareFields } from "./compare.ts";
import { createdFields } from "./created-fields.ts";
import { objectTypeOf } from "./field-type.ts";
import {
  decodeManagedFields,
  encodeManagedFields,
  isReset,
  type ManagedEntry,
  type Manager,
} from "./managed-entries.ts";
import { afterUpdate } from "./ownership.ts";

/** Who writes through the API, other than by apply. */
export interface Updater {
  readonly manager: string;
  readonly subresource: string | undefined;
  /** In RFC 3339. */
  readonly time: string;
}

/**
 * The object to be stored with who owns which of its fields. `before` is undefined for a new object. `given`
 * is what the writer says of `metadata.managedFields`: a valid list replaces what is known, `[{}]` ends
 * tracking, everything else says nothing. What was made untracked stays so until somebody applies.
 */
export function trackUpdate(kind: Kind, updater: Updater, { before, after, given }: Update): Resource {
  const writer = { ...updater, operation: "Update", apiVersion: apiVersionOf(kind) } as const;
  if (before === undefined) {
    const fields = createdFields(kind, after);
    return withEntries(after, fields === undefined ? [] : [{ ...writer, fields }]);
  }
  const entries = entriesBefore(writer, before, given);
  if (entries.length === 0) return withEntries(after, entries);
  return withEntries(after, afterUpdate(entries, writer, compareFields(objectTypeOf(kind), before, after)));
}

interface Update {
  readonly before: Resource | undefined;
  readonly after: Resource;
  readonly given?: unknown;
}

/** The object with these entries as its `metadata.managedFields`. */
export function withEntries(resource: Resource, entries: readonly ManagedEntry[]): Resource {
  const { managedFields: _, ...metadata } = resource.metadata;
  const encoded = encodeManagedFields(entries);
  return {
    ...resource,
    metadata: encoded === undefined ? metadata : { ...metadata, managedFields: encoded },
  };
}

/**
 * As `withEntries`, for a writer that is recorded each time it writes: if nothing is new but that time, the
 * object is as it was before.
 */
export function withEntriesIfChanged(
  after: Resource,
  before: Resource,
  entries: readonly ManagedEntry[],
): Resource {
  const next = withEntries(after, entries);
  const same = deepEqual(timeless(next), timeless(before));
  return same ? { ...after, metadata: { ...next.metadata, ...managedFieldsOf(before) } } : next;
}

function managedFieldsOf({ metadata: { managedFields } }: Resource) {
  return managedFields === undefined ? {} : { managedFields };
}

function timeless(resource: Resource): Resource {
  const { resourceVersion: _, managedFields = [], ...metadata } = resource.metadata;
  const entries = managedFields.map(({ time: __, ...entry }) => entry);
  return { ...resource, metadata: { ...metadata, managedFields: entries } };
}

function entriesBefore(writer: Manager, before: Resource, given: unknown): readonly ManagedEntry[] {
  const { apiVersion, subresource } = writer;
  const { managedFields } = before.metadata;
  if (subresource === undefined && given !== undefined && !deepEqual(given, managedFields)) {
    if (isReset(given)) return [];
    const entries = decodeManagedFields(given, apiVersion) ?? [];
    if (entries.length > 0) return entries;
  }
  return decodeManagedFields(managedFields, apiVersion) ?? [];
}
