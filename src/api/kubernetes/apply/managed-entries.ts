import { deepEqual } from "../../../runtime/equal.ts";
import { isRecord } from "../../../schema/plain.ts";
import { canonicalElement } from "./element.ts";
import { children, compose, type Fields, union } from "./fields.ts";

/** Who writes, and how: what tells one entry of managedFields from another. */
export interface Manager {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string | undefined;
}

/** The fields that a manager has written. */
export interface ManagedEntry extends Manager {
  /** When it last changed anything. */
  readonly time: string | undefined;
  readonly fields: Fields;
}

/** As many as the schema of metadata allows. */
export const maxEntries = 128;
const maxFieldDepth = 64;
const maxText = 317;
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
/** As Kubernetes: who once updated something, among many, is forgotten by name. */
const maxUpdaters = 10;
const forgottenManager = "ancient-changes";

/** Lists that were made here: objects in memory keep them, so that most need not be read again. */
const decoded = new WeakMap<readonly unknown[], readonly ManagedEntry[]>();

/** Whether two entries are one manager's. The version counts only where fields were found, not told. */
export function isSameManager(a: Manager, b: Manager): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    (a.operation === "Apply" || a.apiVersion === b.apiVersion)
  );
}

/** The entries of `metadata.managedFields` that are of this version; undefined if it is no such list. */
export function decodeManagedFields(value: unknown, apiVersion: string): readonly ManagedEntry[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > maxEntries) return undefined;
  const known = decoded.get(value);
  if (known?.every((entry) => entry.apiVersion === apiVersion)) return known;
  const entries = value.map(decodeEntry);
  if (entries.includes(undefined)) return undefined;
  return entries.flatMap((entry) => (entry?.apiVersion === apiVersion ? [entry] : []));
}

/** Whether a client asks to forget everything: `[{}]`, and not `[]`, which some send unknowingly. */
export function isReset(value: unknown): boolean {
  return Array.isArray(value) && value.length === 1 && deepEqual(value[0], {});
}

/** As they are stored: in an order that is the same for the same entries. Undefined if there are none. */
export function encodeManagedFields(entries: readonly ManagedEntry[]): EncodedEntry[] | undefined {
  if (entries.length === 0) return undefined;
  const encoded = entries.toSorted(byOrder).map(encodeEntry);
  decoded.set(encoded, entries);
  return encoded;
}

/** What an entry is stored as. */
export interface EncodedEntry {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: "FieldsV1";
  readonly fieldsV1: Fields;
  readonly subresource?: string;
}

/** With the oldest of too many updaters put together. */
export function capUpdaters(entries: readonly ManagedEntry[]): readonly ManagedEntry[] {
  const updaters = entries.filter(({ operation }) => operation === "Update");
  if (updaters.length <= maxUpdaters) return entries;
  const oldest = updaters.toSorted(byOrder).slice(0, updaters.length - maxUpdaters + 1);
  const [first] = oldest;
  const fields = oldest.reduce<Fields | undefined>((all, entry) => union(all, entry.fields), undefined);
  if (first === undefined || fields === undefined) return entries;
  const together: ManagedEntry = {
    ...first,
    manager: forgottenManager,
    subresource: undefined,
    time: oldest.at(-1)?.time,
    fields,
  };
  return [...entries.filter((entry) => !oldest.includes(entry)), together];
}

function encodeEntry({
  manager,
  operation,
  apiVersion,
  time,
  fields,
  subresource,
}: ManagedEntry): EncodedEntry {
  return {
    manager,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: "FieldsV1",
    fieldsV1: fields,
    ...(subresource !== undefined && { subresource }),
  };
}

function byOrder(a: ManagedEntry, b: ManagedEntry): number {
  return orderOf(a) < orderOf(b) ? -1 : 1;
}

function orderOf({ operation, time = "", manager, apiVersion, subresource = "" }: ManagedEntry): string {
  return [operation, time, manager, apiVersion, subresource].join("\n");
}

/** Undefined: not an entry. Null: one without fields, which says nothing. */
function decodeEntry(value: unknown): ManagedEntry | undefined | null {
  if (!isRecord(value) || value.fieldsType !== "FieldsV1" || !isRecord(value.fieldsV1)) return undefined;
  const { operation } = value;
  if (operation !== "Apply" && operation !== "Update") return undefined;
  const [manager = "", apiVersion = "", time, subresource] = ["manager", "apiVersion", "time", "subresource"]
    .map((name) => value[name])
    .map((text) => (typeof text === "string" && text !== "" && text.length <= maxText ? text : undefined));
  if (manager === "" || apiVersion === "" || (time !== undefined && !timePattern.test(time)))
    return undefined;
  const found = decodeFields(value.fieldsV1, 0);
  if (found === undefined) return undefined;
  const fields = compose(false, Object.fromEntries(children(found)));
  return fields === undefined ? null : { manager, operation, apiVersion, time, subresource, fields };
}

/** Undefined: not a tree of fields. */
function decodeFields(value: Record<string, unknown>, depth: number): Fields | undefined {
  const parts: Record<string, Fields> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === ".") continue;
    const element = canonicalElement(key);
    if (element === undefined || !isRecord(item) || depth >= maxFieldDepth) return undefined;
    const part = decodeFields(item, depth + 1);
    if (part === undefined) return undefined;
    parts[element] = part;
  }
  return compose(Object.hasOwn(value, ".") || Object.keys(parts).length === 0, parts);
}
