import t from "tap";
import { causesOf } from "../testing/causes-of.ts";
import { admit } from "./admission.ts";
import { SecretKind } from "./secret.ts";

function secret(fields: object) {
  return { apiVersion: "v1", kind: "Secret", metadata: { name: "a", namespace: "default" }, ...fields };
}

t.test("text is kept in base64 with the rest, over what was there", async (t) => {
  const written = secret({ data: { a: "AAA=", b: "AAA=" }, stringData: { b: "ä", c: "" } });
  t.strictSame(admit(SecretKind, written), secret({ type: "Opaque", data: { a: "AAA=", b: "w6Q=", c: "" } }));
});

t.test("no value is ever in a message", async (t) => {
  const wrong = [
    { data: { a: "hunter2" } },
    { data: { a: "hunter2hunter2=hunter2" } },
    { stringData: { a: { hunter2: 1 } } },
    { stringData: { "hunter/3": 5417 } },
    { stringData: { a: 5417 } },
    { data: { a: ["hunter2"] } },
    { stringData: { a: "hunter2".repeat(200_000) } },
    { type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": "hunter2" } },
  ];
  for (const fields of wrong) {
    const causes = causesOf(() => admit(SecretKind, secret(fields)));
    t.equal(causes.length > 0, true);
    t.notMatch(JSON.stringify(causes), /hunter2|5417/);
  }
});

t.test("the type and what is immutable never change", async (t) => {
  const before = admit(SecretKind, secret({ stringData: { a: "1" }, immutable: true }));
  const fields = (after: object) =>
    (SecretKind.checkUpdate?.(before, admit(SecretKind, secret(after))) ?? []).map(({ field }) => field);
  t.strictSame(fields({ stringData: { a: "1" }, immutable: true }), []);
  t.strictSame(fields({ stringData: { a: "2" }, immutable: true }), ["data"]);
  t.strictSame(fields({ stringData: { a: "1" }, type: "other" }), ["type", "immutable"]);
});
