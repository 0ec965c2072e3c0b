import { deepEqual } from "../../../runtime/equal.ts";
import { isRecord } from "../../../schema/plain.ts";
import { fieldOf } from "../json.ts";
import { type FieldType, fieldNamed, itemsByElement, itemTypeOf, type ListType } from "./field-type.ts";

/**
 * What is there with a configuration put into it: maps by field, lists by key, everything else replaced.
 * Where both have items of a list, they stand in the configuration's order. Neither argument is changed; what
 * comes out as it was is the very same value, so that nobody has to compare it.
 */
export function mergeConfiguration(type: FieldType, live: unknown, config: unknown): unknown {
  if (config === undefined) return live;
  switch (type.type) {
    case "map": {
      if (!isRecord(live) || !isRecord(config)) return config;
      const changes = Object.entries(config).flatMap(([name, item]) => {
        const old = fieldOf(live, name);
        const field = fieldNamed(type, name);
        const next = field === undefined ? item : mergeConfiguration(field.type, old, item);
        return next === old ? [] : [[name, next] as const];
      });
      return changes.length === 0 ? live : { ...live, ...Object.fromEntries(changes) };
    }
    case "set":
    case "list": {
      if (!Array.isArray(live) || !Array.isArray(config)) return config;
      const merged = mergeLists(type, live, config);
      return isSameList(merged, live) ? live : merged;
    }
    case "leaf":
    case "nobody":
      return deepEqual(live, config) ? live : config;
  }
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** What only the live list has stays before what it stood before there. */
function mergeLists(
  type: ListType | { readonly type: "set" },
  live: readonly unknown[],
  config: readonly unknown[],
): readonly unknown[] {
  const there = [...itemsByElement(type, live)];
  const wanted = itemsByElement(type, config);
  const places = new Map(there.map(([element], index) => [element, index]));
  const merged: unknown[] = [];
  let next = 0;
  const takeOthers = (end: number): void => {
    for (; next < end; next += 1) {
      const [element, item] = there[next] ?? [];
      if (element !== undefined && !wanted.has(element)) merged.push(item);
    }
  };
  for (const [element, item] of wanted) {
    const place = places.get(element);
    const upTo = place ?? there.findIndex(([other], index) => index >= next && wanted.has(other));
    takeOthers(upTo < 0 ? there.length : upTo);
    const [, found] = place === undefined ? [] : (there[place] ?? []);
    merged.push(found === undefined ? item : mergeConfiguration(itemTypeOf(type), found, item));
  }
  takeOthers(there.length);
  return merged;
}
