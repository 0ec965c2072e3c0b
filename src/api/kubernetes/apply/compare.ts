import { deepEqual } from "../../../runtime/equal.ts";
import { isRecord } from "../../../schema/plain.ts";
import { everyField } from "./field-sets.ts";
import { type FieldType, fieldNamed, itemsByElement, itemTypeOf } from "./field-type.ts";
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
  const old = itemsOf(type, before);
  const next = itemsOf(type, after);
  if (old === undefined || next === undefined || (old.size === 0 && next.size === 0)) {
    return deepEqual(before, after) ? none : { changed: leaf, removed: undefined };
  }
  const changed: Record<string, Fields> = {};
  const removed: Record<string, Fields> = {};
  for (const [element, item] of new Map([...old, ...next])) {
    const changes = compareFields(item.type, old.get(element)?.value, next.get(element)?.value);
    if (changes.changed !== undefined) changed[element] = changes.changed;
    if (changes.removed !== undefined) removed[element] = changes.removed;
  }
  return { changed: compose(false, changed), removed: compose(false, removed) };
}

interface TypedItem {
  readonly type: FieldType;
  readonly value: unknown;
}

/** The parts of a value by their steps; undefined for what has none. */
function itemsOf(type: FieldType, value: unknown): ReadonlyMap<string, TypedItem> | undefined {
  switch (type.type) {
    case "leaf":
    case "nobody":
      return undefined;
    case "map": {
      if (!isRecord(value)) return undefined;
      const items = new Map<string, TypedItem>();
      for (const [name, item] of Object.entries(value)) {
        const field = item === undefined ? undefined : fieldNamed(type, name);
        if (field !== undefined) items.set(field.element, { type: field.type, value: item });
      }
      return items;
    }
    case "set":
    case "list": {
      if (!Array.isArray(value)) return undefined;
      const itemType = itemTypeOf(type);
      const items = itemsByElement(type, value);
      return new Map([...items].map(([element, item]) => [element, { type: itemType, value: item }]));
    }
  }
}
