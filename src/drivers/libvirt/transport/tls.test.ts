import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { makeCertificates } from "../../../testing/certificates.ts";
import { libvirtAvailable, startLibvirtHost } from "../../../testing/libvirt-host.ts";
import { burst, domainNames, withUri } from "../../../testing/libvirt-uris.ts";
import { connectTls } from "./tls.ts";

const { available, reason } = libvirtAvailable();
const options = { skip: available ? false : reason };

t.test("TLS: both sides show certificates, and nothing stalls", options, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-tls-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const good = await makeCertificates(join(directory, "good"), "host.test");
  const other = await makeCertificates(join(directory, "other"), "host.test");
  const { authority, server } = good;
  await using host = await startLibvirtHost({ tls: { ...server, authority } });
  const uri = (pki: string, name: string): string =>
    `test+tls://${host.address}/default?pkipath=${pki}&tls_hostname=${name}`;

  t.strictSame(await domainNames(uri(good.clientDirectory, "host.test")), ["test"]);
  for (let round = 0; round < 5; round++) {
    t.equal(await withUri(uri(good.clientDirectory, "host.test"), burst), 500);
  }
  await t.rejects(
    domainNames(uri(good.clientDirectory, "else.test")),
    { reason: "Forbidden", message: /certificate is not trusted/ },
    "a server with another name",
  );
  await t.rejects(
    domainNames(uri(other.clientDirectory, "host.test")),
    { reason: "Forbidden", message: /not trusted/ },
    "a server of another authority",
  );
  const mixed = join(directory, "mixed");
  await makeCertificates(mixed, "host.test");
  await writeFile(join(mixed, "client/cacert.pem"), await readFile(authority));
  await t.rejects(
    domainNames(uri(join(mixed, "client"), "host.test")),
    { reason: "Unauthorized", message: /our certificate was not accepted/ },
    "a client of another authority",
  );
});

t.test("a certificate that cannot be read is said to be ours", async (t) => {
  const identity = { authority: "none", certificate: "none", key: "none" };
  await t.rejects(connectTls({ host: "127.0.0.1", port: 1, identity }), {
    reason: "Invalid",
    message: /tls:127.0.0.1:1: our certificate or key is no good/,
  });
});
