import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { withoutHttpsServer } from "../../testing/https-server.ts";
import { makeAuthority, makeServerPair } from "./certificate-writer.ts";

const now = Date.UTC(2026, 10, 20);
const request = {
  commonName: "Test CA",
  notBefore: now,
  notAfter: now + 86_400_000,
  serial: Uint8Array.of(255, 1),
};
const authority = await makeAuthority(request);
const names = ["localhost", "127.0.0.1", "::1", "fe80::12:3456", "::ffff:1.2.3.4", "box.example.org"];
const server = await makeServerPair({ ...request, commonName: "Test" }, names, authority);

t.test("an authority signs itself and may sign others", async (t) => {
  const certificate = new X509Certificate(authority.cert);
  t.ok(certificate.ca);
  t.ok(certificate.verify(certificate.publicKey));
  t.equal(certificate.subject, "CN=Test CA");
  t.equal(certificate.validToDate.getTime(), now + 86_400_000);
});

t.test("a server's certificate is the authority's, for exactly the names given", async (t) => {
  const certificate = new X509Certificate(server.cert);
  t.notOk(certificate.ca);
  t.ok(certificate.verify(new X509Certificate(authority.cert).publicKey));
  t.ok(certificate.checkIssued(new X509Certificate(authority.cert)));
  t.same(certificate.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
  t.ok(certificate.checkHost("box.example.org"));
  t.ok(certificate.checkIP("127.0.0.1"));
  t.ok(certificate.checkIP("::1"));
  t.ok(certificate.checkIP("fe80::12:3456"));
  t.notOk(certificate.checkHost("other.example.org"));
  t.notOk(certificate.checkIP("127.0.0.2"));
});

t.test("a serial number is positive whatever the random bytes", async (t) => {
  t.equal(new X509Certificate(server.cert).serialNumber, "FF01");
});

t.test("openssl finds nothing wrong, at its strictest", { skip: withoutHttpsServer() }, async (t) => {
  const directory = t.testdir();
  const late = { ...request, commonName: "Late", notAfter: Date.UTC(2060, 0, 1) };
  const lateAuthority = await makeAuthority(late);
  const pairs = {
    usual: [authority, server],
    "after 2049": [lateAuthority, await makeServerPair(late, names, lateAuthority)],
  } as const;
  for (const [what, [ca, leaf]] of Object.entries(pairs)) {
    const [caFile, leafFile] = [join(directory, "ca.crt"), join(directory, "leaf.crt")];
    await writeFile(caFile, ca.cert);
    await writeFile(leafFile, leaf.cert);
    const at = ["-attime", String(now / 1000 + 60)];
    const strict = ["verify", "-x509_strict", "-purpose", "sslserver", ...at, "-CAfile", caFile];
    const verified = execFileSync("openssl", [...strict, "-verify_ip", "::1", leafFile], {
      encoding: "utf8",
    });
    t.equal(verified, `${leafFile}: OK\n`, what);
  }
});
