import t from "tap";
import { mergeKeywords } from "./list-type.ts";
import { isRecord } from "./plain.ts";
import { kinds } from "./scheme.ts";

t.test(
  "every list of every kind says how it is merged, and its keys are fields that items have",
  async (t) => {
    for (const kind of kinds) {
      for (const problem of problemsOf(kind.schema, kind.kind)) t.fail(problem);
    }
    t.same(problemsOf({ type: "array", items: {} }, "list"), ["list: no x-kubernetes-list-type"]);
    const keyed = { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] };
    const items = { type: "object", properties: { name: {} } };
    t.same(problemsOf({ type: "array", items, ...keyed }, "list"), ["list: items need not have name"]);
  },
);

t.test("only known words begin as Kubernetes' do", async (t) => {
  for (const kind of kinds) {
    const words = JSON.stringify(kind.schema).match(/"x-[^"]*"/g) ?? [];
    for (const word of new Set(words)) t.ok(mergeKeywords.includes(JSON.parse(word)), word);
  }
});

function problemsOf(schema: unknown, path: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => problemsOf(item, `${path}/${index}`));
  if (!isRecord(schema)) return [];
  const below = Object.entries(schema)
    .filter(([key]) => key !== "default" && key !== "examples")
    .flatMap(([key, value]) => problemsOf(value, `${path}/${key}`));
  return schema.type === "array" ? [...below, ...problemsOfList(schema, path)] : below;
}

function problemsOfList(schema: Record<string, unknown>, path: string): string[] {
  const items = isRecord(schema.items) ? schema.items : {};
  switch (schema["x-kubernetes-list-type"]) {
    case "atomic":
      return [];
    case "set":
      return items.type === "object" || items.type === "array" ? [`${path}: a set of what is no scalar`] : [];
    case "map": {
      const required: readonly unknown[] = Array.isArray(items.required) ? items.required : [];
      const keys = schema["x-kubernetes-list-map-keys"];
      if (!Array.isArray(keys)) return [`${path}: no x-kubernetes-list-map-keys`];
      const missing = keys.filter((key) => !required.includes(key));
      return missing.map((key) => `${path}: items need not have ${String(key)}`);
    }
    default:
      return [`${path}: no x-kubernetes-list-type`];
  }
}
