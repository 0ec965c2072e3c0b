import { deepEqual } from "../../../runtime/equal.ts";
import { isRecord } from "../../../schema/plain.ts";
import { fieldOf } from "../json.ts";
import { everyField } from "./field-sets.ts";
import { type FieldType, fieldNamed, itemsByElement, itemTypeOf, type MapType } from "./field-type.ts";
import { compose, type Fields, leaf } from "./fields.ts";

/** Which fields differ between two states of a value. */
export interface FieldChanges {
  /** Added, or there before with another value. */
  readonly changed: Fields | undefined;
  readonly removed: Fields | undefined;
}

const none: FieldChanges = { changed: undefined, removed: undefined };

/** Compares two states of a value; undefined is not there. Order in lists is no change. */
export function compareFields(type: FieldType, before: unknown, after: unknown): FieldChanges {
  if (before === after || type.type === "nobody") return none;
  if (before === undefined) return { changed: everyField(type, after), removed: undefined };
  if (after === undefined) return { changed: undefined, removed: everyField(type, before) };
  if (type.type === "map" && isRecord(before) && isRecord(after)) return compareMaps(type, before, after);
  if (type.type === "list" || type.type === "set") return compareLists(type, before, after);
  return compareValues(before, after);
}

function compareValues(before: unknown, after: unknown): FieldChanges {
  return deepEqual(before, after) ? none : { changed: leaf, removed: undefined };
}

function compareMaps(type: MapType, before: JsonRecord, after: JsonRecord): FieldChanges {
  const changes = new Changes();
  let fields = 0;
  const compare = (name: string, old: unknown, next: unknown): void => {
    const field = old === undefined && next === undefined ? undefined : fieldNamed(type, name);
    if (field === undefined) return;
    fields += 1;
    if (old !== next) changes.add(field.element, compareFields(field.type, old, next));
  };
  for (const name in before) compare(name, before[name], fieldOf(after, name));
  for (const name in after) {
    if (fieldOf(before, name) === undefined) compare(name, undefined, after[name]);
  }
  return fields === 0 ? compareValues(before, after) : changes.found();
}

function compareLists(
  type: Extract<FieldType, { readonly type: "list" | "set" }>,
  before: unknown,
  after: unknown,
): FieldChanges {
  if (!Array.isArray(before) || !Array.isArray(after)) return compareValues(before, after);
  const old = itemsByElement(type, before);
  const next = itemsByElement(type, after);
  if (old.size === 0 && next.size === 0) return compareValues(before, after);
  const changes = new Changes();
  const itemType = itemTypeOf(type);
  for (const [element, item] of old) {
    changes.add(element, compareFields(itemType, item, next.get(element)));
  }
  for (const [element, item] of next) {
    if (!old.has(element)) changes.add(element, compareFields(itemType, undefined, item));
  }
  return changes.found();
}

/** What was found in the parts of a value. */
class Changes {
  readonly #changed: Record<string, Fields> = {};
  readonly #removed: Record<string, Fields> = {};

  add(element: string, { changed, removed }: FieldChanges): void {
    if (changed !== undefined) this.#changed[element] = changed;
    if (removed !== undefined) this.#removed[element] = removed;
  }

  found(): FieldChanges {
    return { changed: compose(false, this.#changed), removed: compose(false, this.#removed) };
  }
}

type JsonRecord = Readonly<Record<string, unknown>>;
