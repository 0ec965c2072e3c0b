import { isRecord } from "../../../schema/plain.ts";
import { valueElement } from "./element.ts";
import { type FieldType, fieldNamed, itemElement, itemTypeOf } from "./field-type.ts";
import { below, type Fields, isMember } from "./fields.ts";

/**
 * What is left of a value when a writer's `former` fields that nobody keeps are taken out, with what that
 * leaves empty; undefined if nothing is. A struct of which the writer had a part goes whole; freely named
 * fields and items of lists that nobody owns stay.
 */
export function withoutFields(
  type: FieldType,
  value: unknown,
  former: Fields | undefined,
  kept: Fields | undefined,
): unknown {
  if (former === undefined) return value;
  switch (type.type) {
    case "map": {
      if (!isRecord(value)) return value;
      const left: Record<string, unknown> = {};
      for (const [name, item] of Object.entries(value)) {
        const field = fieldNamed(type, name);
        const rest =
          field === undefined ? item : remainder(field.type, item, partAt(field.element, former, kept));
        if (rest !== undefined) left[name] = rest;
      }
      return left;
    }
    case "set":
    case "list": {
      if (!Array.isArray(value)) return value;
      return value.flatMap((item: unknown) => {
        const element = type.type === "set" ? valueElement(item) : itemElement(type, item);
        if (element === undefined) return [item];
        const rest = remainder(itemTypeOf(type), item, partAt(element, former, kept));
        return rest === undefined ? [] : [rest];
      });
    }
    case "leaf":
    case "nobody":
      return value;
  }
}

interface Part {
  readonly former: Fields | undefined;
  readonly kept: Fields | undefined;
}

function partAt(element: string, former: Fields | undefined, kept: Fields | undefined): Part {
  return { former: below(former, element), kept: below(kept, element) };
}

function remainder(type: FieldType, value: unknown, { former, kept }: Part): unknown {
  if (former === undefined) return value;
  if (kept === undefined && (isMember(former) || isStruct(type))) return undefined;
  const left = withoutFields(type, value, former, kept);
  const emptied = isEmpty(left) && !isEmpty(value);
  const wanted = kept !== undefined && isMember(kept);
  return emptied && !wanted ? undefined : left;
}

function isStruct(type: FieldType): boolean {
  return type.type === "map" && type.others === undefined && type.owned;
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}
