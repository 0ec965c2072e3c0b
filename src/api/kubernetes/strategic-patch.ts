import { StatusError } from "../../runtime/errors.ts";
import { isRecord } from "../../schema/plain.ts";
import { valueElement } from "./apply/element.ts";
import {
  type FieldType,
  fieldNamed,
  itemElement,
  itemsByElement,
  type ListType,
  type MapType,
} from "./apply/field-type.ts";

const leaf: FieldType = { type: "leaf" };

/**
 * Kubernetes' strategic merge patch: a merge patch in which lists of objects are merged by their keys and
 * sets by value, with the directives `$patch`, `$retainKeys`, `$deleteFromPrimitiveList/FIELD` and
 * `$setElementOrder/FIELD`. Throws `BadRequest` for a directive that is none or is used wrongly. Neither
 * argument is changed.
 */
export function strategicMergePatch(type: MapType, target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) throw new StatusError("BadRequest", "a strategic merge patch must be an object");
  return mergeStrategicMap(type, target, patch) ?? {};
}

/** Undefined when the patch says that there is to be nothing. */
function mergeStrategicMap(
  type: FieldType,
  target: unknown,
  patch: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const { $patch: directive = "merge", $retainKeys: retained, ...changes } = patch;
  switch (directive) {
    case "delete":
      return undefined;
    case "replace":
      return mergeStrategicMap(type, undefined, changes);
    case "merge":
      break;
    default:
      throw badDirective(`$patch must be merge, replace or delete, is ${shorten(directive)}`);
  }
  const merged = new Map(Object.entries(isRecord(target) ? target : {}));
  if (retained !== undefined) retainKeys(merged, retained, changes);
  const lists = listDirectivesOf(changes);
  for (const name of new Set([...Object.keys(changes), ...lists.keys()])) {
    if (name.startsWith("$")) continue;
    const child = type.type === "map" ? (fieldNamed(type, name)?.type ?? leaf) : leaf;
    const value = mergeValue(child, merged.get(name), { name, value: changes[name], ...lists.get(name) });
    if (value === undefined) merged.delete(name);
    else merged.set(name, value);
  }
  return Object.fromEntries(merged);
}

interface ListDirectives {
  readonly order?: readonly unknown[];
  readonly deleted?: readonly unknown[];
}

interface FieldPatch extends ListDirectives {
  readonly name: string;
  readonly value: unknown;
}

function mergeValue(type: FieldType, target: unknown, patch: FieldPatch): unknown {
  const { name, value, order, deleted } = patch;
  if (order !== undefined || deleted !== undefined) {
    if (type.type !== "set" && type.type !== "list") {
      throw badDirective(`"${shorten(name)}" is no list that is merged, so it has no list directives`);
    }
    if (deleted !== undefined && type.type === "list") {
      throw badDirective(`"${shorten(name)}" is a list of objects: remove items with $patch: delete`);
    }
  }
  if (value === null) return undefined;
  if (type.type === "set" || type.type === "list") {
    if (value !== undefined && !Array.isArray(value)) return value;
    if (value === undefined && !Array.isArray(target)) return target;
    const list: readonly unknown[] = Array.isArray(target) ? target : [];
    return mergeStrategicList(type, list, { name, items: value ?? [], order, deleted });
  }
  return isRecord(value) ? mergeStrategicMap(type, target, value) : value;
}

const listDirective = /^\$(deleteFromPrimitiveList|setElementOrder)\/(.+)$/s;

function listDirectivesOf(changes: Readonly<Record<string, unknown>>): ReadonlyMap<string, ListDirectives> {
  const directives = new Map<string, ListDirectives>();
  for (const [key, value] of Object.entries(changes)) {
    if (!key.startsWith("$")) continue;
    const [, directive, name = ""] = listDirective.exec(key) ?? [];
    if (directive === undefined) throw badDirective(`there is no directive "${shorten(key)}"`);
    if (!Array.isArray(value)) throw badDirective(`${shorten(key)} must be a list`);
    const part = directive === "setElementOrder" ? { order: value } : { deleted: value };
    directives.set(name, { ...directives.get(name), ...part });
  }
  return directives;
}

function retainKeys(
  merged: Map<string, unknown>,
  retained: unknown,
  changes: Readonly<Record<string, unknown>>,
): void {
  if (!Array.isArray(retained) || retained.some((key) => typeof key !== "string")) {
    throw badDirective("$retainKeys must be a list of field names");
  }
  const names: ReadonlySet<unknown> = new Set(retained);
  for (const [name, value] of Object.entries(changes)) {
    if (!name.startsWith("$") && value !== null && !names.has(name)) {
      throw badDirective(`$retainKeys must name every field of the patch, and lacks "${shorten(name)}"`);
    }
  }
  for (const name of [...merged.keys()]) {
    if (!names.has(name)) merged.delete(name);
  }
}

/** What a strategic merge patch says of one list. */
interface ListPatch {
  /** The field, for messages. */
  readonly name: string;
  readonly items: readonly unknown[];
  /** The items that the writer knows of, in the order in which they are to stand. */
  readonly order?: readonly unknown[] | undefined;
  /** Values to take out of a set. */
  readonly deleted?: readonly unknown[] | undefined;
}

type MergedType = ListType | { readonly type: "set" };

/** A list of objects merged by their keys, or a set by value. */
function mergeStrategicList(
  type: MergedType,
  target: readonly unknown[],
  patch: ListPatch,
): readonly unknown[] {
  if (patch.items.some((item) => isRecord(item) && item.$patch === "replace")) {
    const others = patch.items.filter((item) => !(isRecord(item) && item.$patch === "replace"));
    return mergeStrategicList(type, [], { name: patch.name, items: others });
  }
  const merged = new Map(itemsByElement(type, target));
  for (const value of patch.deleted ?? []) merged.delete(valueElement(value));
  for (const item of patch.items) {
    if (type.type === "set") merged.set(valueElement(scalar(item, patch)), item);
    else mergeItem(type, merged, { item, name: patch.name });
  }
  return patch.order === undefined ? [...merged.values()] : inOrder(type, merged, { target, patch });
}

function mergeItem(
  type: ListType,
  merged: Map<string, unknown>,
  { item, name }: { readonly item: unknown; readonly name: string },
): void {
  const element = isRecord(item) ? itemElement(type, item) : undefined;
  if (!isRecord(item) || element === undefined) {
    const keys = type.keys.map((key) => key.name).join(", ");
    throw badDirective(`each item of "${name}" must be an object with the merge keys ${keys}`);
  }
  const value = mergeStrategicMap(type.items, merged.get(element), item);
  if (value === undefined) merged.delete(element);
  else merged.set(element, value);
}

/**
 * The items that the writer named in the writer's order; the others stay in theirs, each before the named
 * ones that it stood before.
 */
function inOrder(
  type: MergedType,
  merged: ReadonlyMap<string, unknown>,
  { target, patch }: { readonly target: readonly unknown[]; readonly patch: ListPatch },
): readonly unknown[] {
  const wanted = itemsByElement(type, patch.order ?? []);
  assertAllNamed(type, wanted, patch);
  const places = new Map([...itemsByElement(type, target).keys()].map((element, index) => [element, index]));
  const named = [...wanted.keys()].filter((element) => merged.has(element));
  const others = [...merged.keys()].filter((element) => !wanted.has(element));
  const ordered: string[] = [];
  for (const element of named) {
    const place = places.get(element) ?? -1;
    while (others[0] !== undefined && (places.get(others[0]) ?? place) < place) {
      ordered.push(...others.splice(0, 1));
    }
    ordered.push(element);
  }
  return [...ordered, ...others].map((element) => merged.get(element));
}

function assertAllNamed(type: MergedType, wanted: ReadonlyMap<string, unknown>, patch: ListPatch): void {
  const kept = patch.items.filter((item) => !(isRecord(item) && item.$patch === "delete"));
  const missing = [...itemsByElement(type, kept).keys()].some((element) => !wanted.has(element));
  if (missing) throw badDirective(`$setElementOrder/${patch.name} must name every item of the patch`);
}

function scalar(item: unknown, { name }: ListPatch): unknown {
  if (typeof item !== "object" || item === null) return item;
  throw badDirective(`the items of "${name}" are no objects`);
}

/** The error of a directive that cannot be followed. */
function badDirective(why: string): StatusError {
  return new StatusError("BadRequest", `the strategic merge patch cannot be applied: ${why}`);
}

function shorten(text: unknown): string {
  return String(typeof text === "string" ? text : JSON.stringify(text)).slice(0, 64);
}
