import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import { openCertificateIssuer } from "./certificate-issuer.ts";

const { publicKey } = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

t.test("the authority stays, its key is its owner's, and what it signs is for clients alone", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-ca-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const options = { directory, clock: systemClock, random: systemRandom };
  const issuer = await openCertificateIssuer(options);
  t.equal((await openCertificateIssuer(options)).ca, issuer.ca);
  t.equal((await stat(join(directory, "client-ca.key"))).mode & 0o777, 0o600);
  const cert = new X509Certificate(
    await issuer.issue({ name: "ann", groups: ["dev"] }, publicKey, 3_600_000),
  );
  t.ok(cert.verify(new X509Certificate(issuer.ca).publicKey));
  t.match(cert.subject, /^CN=ann\nO=dev$/);
  t.same(cert.keyUsage, ["1.3.6.1.5.5.7.3.2"], "client authentication");
  t.notOk(cert.ca);
  await writeFile(join(directory, "client-ca.key"), "damaged");
  t.not((await openCertificateIssuer(options)).ca, issuer.ca, "a damaged authority is replaced");
});
