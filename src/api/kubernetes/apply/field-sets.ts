import { isRecord } from "../../../schema/plain.ts";
import { type FieldParts, noParts } from "./field-parts.ts";
import { type FieldType, fieldNamed, itemsByElement, itemTypeOf } from "./field-type.ts";
import { type Fields, leaf } from "./fields.ts";

/** Every field of a value, with all that holds other fields. */
export function everyField(type: FieldType, value: unknown): Fields | undefined {
  if (type.type === "nobody") return undefined;
  const parts = partsOf(type, value, everyField);
  return parts === undefined ? leaf : parts.tree(type.type !== "map" || type.owned);
}

/**
 * The fields that a configuration speaks of: those with values, not what merely holds them, but items of
 * lists and freely named fields themselves too. An empty list speaks of nothing, an empty map of itself.
 */
export function configuredFields(type: FieldType, value: unknown, own = false): Fields | undefined {
  if (type.type === "nobody") return own ? leaf : undefined;
  const parts = partsOf(type, value, configuredFields);
  if (parts === undefined) return leaf;
  const empty = isRecord(value) && Object.keys(value).length === 0;
  return parts.tree(own || (empty && type.type === "map" && type.owned));
}

type PartFields = (type: FieldType, value: unknown, own: boolean) => Fields | undefined;

/** The fields of each part; undefined for what has none. */
function partsOf(
  type: Exclude<FieldType, { readonly type: "nobody" }>,
  value: unknown,
  fieldsOf: PartFields,
): FieldParts | undefined {
  switch (type.type) {
    case "leaf":
      return undefined;
    case "map": {
      if (!isRecord(value)) return undefined;
      let parts = noParts();
      for (const name in value) {
        const item = value[name];
        const field = item === undefined ? undefined : fieldNamed(type, name);
        if (field === undefined) continue;
        const fields = fieldsOf(field.type, item, !field.declared);
        if (fields !== undefined) parts = parts.with(field.element, fields);
      }
      return parts;
    }
    case "set":
    case "list": {
      if (!Array.isArray(value)) return undefined;
      const itemType = itemTypeOf(type);
      let parts = noParts();
      for (const [element, item] of itemsByElement(type, value)) {
        const fields = fieldsOf(itemType, item, true);
        if (fields !== undefined) parts = parts.with(element, fields);
      }
      return parts;
    }
  }
}
