import t from "tap";
import { causesOf } from "../testing/causes-of.ts";
import { admit } from "./admission.ts";
import { ConfigMapKind } from "./config-map.ts";

function configMap(fields: object) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "default" }, ...fields };
}

t.test("texts and bytes are kept as they are written", async (t) => {
  const written = configMap({ data: { "a.txt": "ä\n", _: "" }, binaryData: { b: "AAE=" } });
  t.strictSame(admit(ConfigMapKind, written), written);
});

t.test("what Kubernetes refuses is refused", async (t) => {
  const cases: readonly (readonly [object, string])[] = [
    [{ data: { "a/b": "" } }, 'data["a/b"]'],
    [{ data: { "..": "" } }, 'data[".."]'],
    [{ data: { a: 1 } }, "data.a"],
    [{ binaryData: { a: "%" } }, "binaryData.a"],
    [{ data: { a: "" }, binaryData: { a: "" } }, "binaryData.a"],
    [{ data: { a: "x".repeat(600_000), b: "x".repeat(600_000) } }, "data"],
  ];
  for (const [fields, field] of cases) {
    t.strictSame(
      causesOf(() => admit(ConfigMapKind, configMap(fields))).map((cause) => cause.field),
      [field],
    );
  }
});

t.test("one that is immutable keeps its data and stays immutable", async (t) => {
  const before = admit(ConfigMapKind, configMap({ data: { a: "1" }, immutable: true }));
  const fields = (after: object) =>
    (ConfigMapKind.checkUpdate?.(before, admit(ConfigMapKind, configMap(after))) ?? []).map(
      ({ field }) => field,
    );
  t.strictSame(fields({ data: { a: "1" }, immutable: true }), []);
  t.strictSame(fields({ data: { a: "2" }, immutable: true }), ["data"]);
  t.strictSame(fields({ data: { a: "1" } }), ["immutable"]);
  t.strictSame(ConfigMapKind.checkUpdate?.(admit(ConfigMapKind, configMap({})), before), []);
});
