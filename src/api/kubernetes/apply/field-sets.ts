import { isRecord } from "../../../schema/plain.ts";
import { type FieldType, fieldNamed, itemsByElement, itemTypeOf } from "./field-type.ts";
import { compose, type Fields, leaf, union } from "./fields.ts";

/** Every field of a value, with all that holds other fields. */
export function everyField(type: FieldType, value: unknown): Fields | undefined {
  if (type.type === "nobody") return undefined;
  const parts = partsOf(type, value, everyField);
  if (parts === undefined) return leaf;
  return compose(type.type !== "map" || type.owned, parts);
}

/**
 * The fields that a configuration speaks of: those with values, not what merely holds them, but items of
 * lists and freely named fields themselves too. An empty list speaks of nothing, an empty map of itself.
 */
export function configuredFields(type: FieldType, value: unknown): Fields | undefined {
  if (type.type === "nobody") return undefined;
  const parts = partsOf(type, value, (part, item, own) => {
    const fields = configuredFields(part, item);
    return own ? union(fields, leaf) : fields;
  });
  if (parts === undefined) return leaf;
  const empty = isRecord(value) && Object.keys(value).length === 0;
  return compose(empty && type.type === "map" && type.owned, parts);
}

type PartFields = (type: FieldType, value: unknown, own: boolean) => Fields | undefined;

/** The fields of each part; undefined for what has none. */
function partsOf(
  type: Exclude<FieldType, { readonly type: "nobody" }>,
  value: unknown,
  fieldsOf: PartFields,
): Record<string, Fields> | undefined {
  switch (type.type) {
    case "leaf":
      return undefined;
    case "map": {
      if (!isRecord(value)) return undefined;
      const parts: Record<string, Fields> = {};
      for (const name in value) {
        const item = value[name];
        const field = item === undefined ? undefined : fieldNamed(type, name);
        if (field === undefined) continue;
        const fields = fieldsOf(field.type, item, !field.declared);
        if (fields !== undefined) parts[field.element] = fields;
      }
      return parts;
    }
    case "set":
    case "list": {
      if (!Array.isArray(value)) return undefined;
      const itemType = itemTypeOf(type);
      const parts: Record<string, Fields> = {};
      for (const [element, item] of itemsByElement(type, value)) {
        const fields = fieldsOf(itemType, item, true);
        if (fields !== undefined) parts[element] = fields;
      }
      return parts;
    }
  }
}
