import t from "tap";
import { admit } from "./admission.ts";
import { SecretKind } from "./secret.ts";
import { checkSecretType } from "./secret-types.ts";

function fieldsAmiss(
  type: string,
  stringData: Record<string, string>,
  annotations: Record<string, string> = {},
) {
  const metadata = { name: "a", namespace: "default", annotations };
  const whole = SecretKind.canonicalize?.({ apiVersion: "v1", kind: "Secret", metadata, type, stringData });
  return whole === undefined ? undefined : checkSecretType(whole).map(({ field }) => field);
}

t.test("each type asks for its entries", async (t) => {
  const account = { "kubernetes.io/service-account.name": "a" };
  t.strictSame(fieldsAmiss("Opaque", {}), []);
  t.strictSame(fieldsAmiss("example.org/own", { a: "b" }), []);
  t.strictSame(fieldsAmiss("kubernetes.io/tls", {}), ['data["tls.crt"]', 'data["tls.key"]']);
  t.strictSame(fieldsAmiss("kubernetes.io/tls", { "tls.crt": "", "tls.key": "" }), []);
  t.strictSame(fieldsAmiss("kubernetes.io/ssh-auth", { "ssh-privatekey": "" }), ["data.ssh-privatekey"]);
  t.strictSame(fieldsAmiss("kubernetes.io/ssh-auth", { "ssh-privatekey": "k" }), []);
  t.strictSame(fieldsAmiss("kubernetes.io/basic-auth", {}), ["data.username", "data.password"]);
  t.strictSame(fieldsAmiss("kubernetes.io/basic-auth", { password: "" }), []);
  t.strictSame(fieldsAmiss("kubernetes.io/dockerconfigjson", { ".dockerconfigjson": "{}" }), []);
  t.strictSame(fieldsAmiss("kubernetes.io/dockerconfigjson", {}), ['data[".dockerconfigjson"]']);
  t.strictSame(fieldsAmiss("kubernetes.io/dockercfg", { ".dockercfg": "[]" }), ['data[".dockercfg"]']);
  t.strictSame(fieldsAmiss("kubernetes.io/service-account-token", {})?.length, 1);
  t.strictSame(fieldsAmiss("kubernetes.io/service-account-token", {}, account), []);
});

t.test("a Secret of a type is admitted only with them", async (t) => {
  const metadata = { name: "a", namespace: "default" };
  t.throws(() =>
    admit(SecretKind, { apiVersion: "v1", kind: "Secret", metadata, type: "kubernetes.io/tls" }),
  );
});
