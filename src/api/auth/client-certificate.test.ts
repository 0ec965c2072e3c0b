import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import { startAccess, tokenOf } from "../../testing/access-fixture.ts";
import { openCertificateIssuer } from "./certificate-issuer.ts";

const { publicKey, privateKey } = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const access = await startAccess(["bob"], { listen: true });
t.teardown(() => access[Symbol.asyncDispose]());
const foreign = await mkdtemp(join(tmpdir(), "ostler-ca-"));
t.teardown(() => rm(foreign, { recursive: true }));
const { directory, app } = access.api;
const ca = await readFile(join(directory, "ca.crt"), "utf8");
const ports = { clock: systemClock, random: systemRandom };
const issuer = await openCertificateIssuer({ directory, ...ports });
const ann = { name: "ann", groups: ["dev", "ops"] };

/** Who the server says we are. */
async function whoami(cert: string | undefined, headers: Record<string, string> = {}) {
  const address = app.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const sent = request({
    host: "127.0.0.1",
    port,
    method: "POST",
    path,
    ca,
    agent: false,
    headers: { "content-type": "application/json", ...headers },
    ...(cert !== undefined && { cert, key: privateKey }),
  }).end("{}");
  const [response]: IncomingMessage[] = await once(sent, "response");
  if (response === undefined) throw new Error("no answer");
  return { code: response.statusCode, json: JSON.parse(await text(response)) };
}

t.test("a certificate says user and groups", async (t) => {
  const { code, json } = await whoami(await issuer.issue(ann, publicKey, 60_000));
  t.equal(code, 201);
  t.match(json, {
    status: { userInfo: { username: "ann", groups: ["dev", "ops", "system:authenticated"] } },
  });
  const alone = await whoami(await issuer.issue({ name: "eve", groups: ["one"] }, publicKey, 60_000));
  t.match(alone.json, { status: { userInfo: { username: "eve", groups: ["one", "system:authenticated"] } } });
  const none = await whoami(await issuer.issue({ name: "eve", groups: [] }, publicKey, 60_000));
  t.same(none.json.status.userInfo.groups, ["system:authenticated"]);
});

t.test("one that is expired, from elsewhere, for servers, or of nobody is refused", async (t) => {
  const other = await openCertificateIssuer({ directory: foreign, ...ports });
  const cases = [
    ["expired", await issuer.issue(ann, publicKey, -1000)],
    ["foreign", await other.issue(ann, publicKey, 60_000)],
    ["of nobody", await issuer.issue({ name: "", groups: ["system:masters"] }, publicKey, 60_000)],
    ["none", undefined],
  ] as const;
  for (const [name, cert] of cases) t.match(await whoami(cert), { code: 401, json: { code: 401 } }, name);
});

t.test("a name cannot become a group", async (t) => {
  const tricky = { name: "eve\nO=system:masters", groups: ["a,O=system:masters", "b/O=system:masters"] };
  const { code, json } = await whoami(await issuer.issue(tricky, publicKey, 60_000));
  if (code === 201) t.notOk(json.status.userInfo.groups.includes("system:masters"));
  else t.equal(code, 401);
});

t.test("a token is taken for what it says, whatever certificate is shown", async (t) => {
  const cert = await issuer.issue(ann, publicKey, 60_000);
  const bob = { authorization: `Bearer ${tokenOf("bob")}` };
  t.match(await whoami(cert, bob), { json: { status: { userInfo: { username: "bob" } } } });
  t.match(await whoami(cert, { authorization: "Bearer wrong" }), { code: 401 });
  t.match(await whoami(await issuer.issue(ann, publicKey, -1000), bob), { code: 201 });
});

t.test("its life ends while its connection goes on", async (t) => {
  const { ClientCertificates } = await import("./client-certificate.ts");
  const { connect, createServer } = await import("node:tls");
  const cert = await issuer.issue(ann, publicKey, 60_000);
  const pair = {
    key: await readFile(join(directory, "server.key")),
    cert: await readFile(join(directory, "server.crt")),
  };
  const server = createServer({ ...pair, ca: [issuer.ca], requestCert: true, rejectUnauthorized: false });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const client = connect({ port: address.port, host: "127.0.0.1", ca, cert, key: privateKey });
  const [socket] = await once(server, "secureConnection");
  const certificates = new ClientCertificates();
  t.match(certificates.peerOf(socket, systemClock.now()), { type: "user", user: ann });
  t.match(certificates.peerOf(socket, systemClock.now() + 61_000), { type: "unacceptable" });
  client.destroy();
  server.close();
});
