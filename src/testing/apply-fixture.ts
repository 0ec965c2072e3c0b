import { fieldElement } from "../api/kubernetes/apply/element.ts";
import type { FieldType, MapType } from "../api/kubernetes/apply/field-type.ts";
import type { Fields } from "../api/kubernetes/apply/fields.ts";

const leaf: FieldType = { type: "leaf" };

/** A map that has these fields and no others. */
export function struct(fields: Readonly<Record<string, FieldType>>): MapType {
  const named = Object.entries(fields).map(
    ([name, type]) => [name, { element: fieldElement(name), type, declared: true }] as const,
  );
  return { type: "map", fields: new Map(named), others: undefined, owned: true };
}

/** Something of every type: scalars, a struct, free names, a set, a list by name, and an atomic list. */
export const sampleType: MapType = {
  ...struct({
    word: leaf,
    number: leaf,
    struct: struct({ a: leaf, b: leaf, inner: struct({ c: leaf }) }),
    labels: { type: "map", fields: new Map(), others: leaf, owned: true },
    set: { type: "set" },
    list: {
      type: "list",
      keys: [{ name: "name", default: undefined }],
      items: struct({ name: leaf, value: leaf, other: leaf, set: { type: "set" } }),
    },
    atomic: leaf,
  }),
  owned: false,
};

/** The set of these paths, written as `struct.inner.c`, `set["x"]`, `list[{"name":"a"}].value`. */
export function fieldsAt(...paths: readonly string[]): Fields | undefined {
  const root: Record<string, object> = {};
  for (const path of paths) {
    let at: Record<string, object> = root;
    const steps = path.match(/[^.[\]]+|\["[^"]*"\]|\[\{[^}]*\}\]/g) ?? [];
    for (const step of steps) {
      const element = elementOf(step);
      const next: Record<string, object> = { ...at[element] };
      if (Object.hasOwn(at, element) && Object.keys(next).length === 0) next["."] = {};
      at[element] = next;
      at = next;
    }
    if (Object.keys(at).length > 0) at["."] = {};
  }
  const fields: Fields = JSON.parse(JSON.stringify(root));
  return Object.keys(fields).length === 0 ? undefined : fields;
}

function elementOf(step: string): string {
  if (!step.startsWith("[")) return fieldElement(step);
  const inner = step.slice(1, -1);
  return inner.startsWith("{") ? `k:${inner}` : `v:${inner}`;
}
