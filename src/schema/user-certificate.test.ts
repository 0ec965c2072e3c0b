import t from "tap";
import { UserCertificateKind } from "./user-certificate.ts";
import { conforms } from "./validator.ts";

const publicKey = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
const asking = (spec: object) => ({
  apiVersion: "ostler.dev/v1",
  kind: "UserCertificate",
  metadata: {},
  spec: { userName: "ann", publicKey, ...spec },
});

t.test("a certificate is asked for with a public key, for at most a year", async (t) => {
  t.ok(conforms(UserCertificateKind, asking({})));
  for (const spec of [
    { publicKey: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" },
    { expirationSeconds: 31_536_001 },
    { expirationSeconds: 1 },
    { userName: "a\nb" },
  ]) {
    t.notOk(conforms(UserCertificateKind, asking(spec)), JSON.stringify(spec));
  }
});
