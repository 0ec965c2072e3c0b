import { generateKeyPairSync, X509Certificate } from "node:crypto";
import t from "tap";
import { startAccess } from "../../testing/access-fixture.ts";

const path = "/apis/ostler.dev/v1/usercertificates";
const pem = (namedCurve: string): string =>
  generateKeyPairSync("ec", {
    namedCurve,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).publicKey;
const publicKey = pem("P-256");
const asking = (spec: object) => ({ body: { spec: { userName: "ann", publicKey, ...spec } } });

t.test("a certificate is given to who may act as its user, in its groups", async (t) => {
  await using access = await startAccess(["ann", "boss"], { listen: true });
  await access.grant("boss", [
    { verbs: ["create"], apiGroups: ["ostler.dev"], resources: ["usercertificates"] },
    { verbs: ["impersonate"], apiGroups: [""], resources: ["users"], resourceNames: ["ann"] },
    { verbs: ["impersonate"], apiGroups: [""], resources: ["groups"], resourceNames: ["dev"] },
  ]);
  const boss = access.as("boss");
  const { code, json } = await boss("POST", path, asking({ groups: ["dev"] }));
  t.equal(code, 201);
  t.match(json, { status: { expiresAt: /Z$/, certificate: /^-----BEGIN CERTIFICATE-----/ } });
  const text = /"certificate":("[^"]+")/.exec(JSON.stringify(json))?.[1] ?? "";
  const certificate = new X509Certificate(JSON.parse(text));
  t.equal(certificate.subject, "CN=ann\nO=dev");
  t.match((await boss("POST", path, asking({ groups: ["system:masters"] }))).json, {
    code: 403,
    message: /cannot impersonate resource "groups"/,
  });
  t.equal((await boss("POST", path, asking({ userName: "root" }))).code, 403);
  t.equal((await access.as("ann")("POST", path, asking({}))).code, 403, "ann may not ask at all");
  t.equal((await boss("POST", path, asking({ publicKey: pem("P-384") }))).code, 422);
  t.equal(
    (
      await boss(
        "POST",
        path,
        asking({ publicKey: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----" }),
      )
    ).code,
    422,
  );
  t.equal((await boss("POST", path, asking({ expirationSeconds: 1e9 }))).code, 422);
  t.equal((await boss("GET", path)).code, 403);
  t.equal((await access.as("root+system:masters")("GET", path)).code, 405);
});

t.test("a server without an authority says so", async (t) => {
  await using access = await startAccess([]);
  t.equal((await access.as("root+system:masters")("POST", path, asking({}))).code, 501);
});
