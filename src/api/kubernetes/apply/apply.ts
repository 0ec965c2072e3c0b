import type { Kind } from "../../../schema/kind.ts";
import type { Resource } from "../../../schema/meta.ts";
import { compareFields } from "./compare.ts";
import type { Configuration } from "./configuration.ts";
import { createdFields } from "./created-fields.ts";
import { configuredFields } from "./field-sets.ts";
import { objectTypeOf } from "./field-type.ts";
import { difference, type Fields, union } from "./fields.ts";
import { isSameManager, type ManagedEntry, type Manager } from "./managed-entries.ts";
import { mergeConfiguration } from "./merge.ts";
import { afterChange, conflictsWith, type FieldConflict } from "./ownership.ts";
import { withoutFields } from "./prune.ts";

/** Everything an apply depends on. */
export interface Application {
  readonly kind: Kind;
  readonly live: Resource;
  /** What the applier says, and nothing else: see configuration.ts. */
  readonly config: Configuration;
  readonly entries: readonly ManagedEntry[];
  readonly applier: Manager & { readonly time: string };
}

/** What an apply comes to. */
export interface Applied {
  /** What it takes from others: for the caller to refuse, or to force. */
  readonly conflicts: readonly FieldConflict[];
  readonly object: unknown;
  readonly entries: readonly ManagedEntry[];
}

/**
 * Kubernetes' server-side apply: the configuration is put into what is there; what the applier configured
 * before and does not any more goes, unless somebody else owns it; what others own is changed by force alone.
 */
export function applyConfiguration(application: Application): Applied {
  const { kind, live, config, applier } = application;
  const type = objectTypeOf(kind);
  const before = adoptUntracked(application);
  const last = before.find((entry) => isSameManager(entry, applier));
  const fields = configuredFields(type, config);
  const others = before.filter((entry) => entry !== last);
  const kept = others.reduce<Fields | undefined>((all, entry) => union(all, entry.fields), fields);
  const merged = mergeConfiguration(type, live, config);
  const gone = difference(last?.fields, kept) !== undefined;
  const object = gone ? withoutFields(type, merged, last?.fields, kept) : merged;
  const changes = compareFields(type, live, object);
  const own = fields === undefined ? [] : [{ ...applier, fields }];
  const conflicts = conflictsWith(others, applier, changes);
  return { conflicts, object, entries: [...afterChange(others, changes), ...own] };
}

/** What is there and belongs to nobody was written before anything was tracked; it gets an owner. */
function adoptUntracked({ kind, live, entries, applier }: Application): readonly ManagedEntry[] {
  if (entries.length > 0) return entries;
  const fields = createdFields(kind, live);
  if (fields === undefined) return [];
  return [
    {
      ...applier,
      manager: untrackedManager,
      operation: "Update",
      subresource: undefined,
      fields,
    },
  ];
}

const untrackedManager = "before-first-apply";
