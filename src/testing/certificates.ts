import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A certificate authority with a server's and a client's certificate, in the places where libvirt looks. */
export interface Certificates {
  readonly authority: string;
  readonly server: { readonly certificate: string; readonly key: string };
  /** Holds cacert.pem, clientcert.pem and clientkey.pem: a `pkipath`. */
  readonly clientDirectory: string;
}

/** Makes certificates with openssl, valid for a day. `serverName` is the only name of the server. */
export async function makeCertificates(directory: string, serverName: string): Promise<Certificates> {
  const client = join(directory, "client");
  await mkdir(client, { recursive: true });
  const authority = join(client, "cacert.pem");
  const authorityKey = join(directory, "cakey.pem");
  openssl(["req", "-x509", ...newKey(authorityKey), "-subj", "/CN=Test CA", "-days", "1", "-out", authority]);
  const issue = async (certificate: string, key: string, name: string, usage: string): Promise<void> => {
    const request = join(directory, "request.pem");
    const extensions = join(directory, "extensions");
    openssl(["req", ...newKey(key), "-subj", `/CN=${name}`, "-out", request]);
    const limits = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\n";
    await writeFile(extensions, `subjectAltName=DNS:${name}\nextendedKeyUsage=${usage}\n${limits}`);
    const signer = ["-CA", authority, "-CAkey", authorityKey, "-CAcreateserial", "-days", "1"];
    openssl(["x509", "-req", "-in", request, ...signer, "-extfile", extensions, "-out", certificate]);
  };
  const server = { certificate: join(directory, "servercert.pem"), key: join(directory, "serverkey.pem") };
  await issue(server.certificate, server.key, serverName, "serverAuth");
  await issue(join(client, "clientcert.pem"), join(client, "clientkey.pem"), "client.test", "clientAuth");
  return { authority, server, clientDirectory: client };
}

function newKey(path: string): string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout", path];
}

function openssl(argv: readonly string[]): void {
  execFileSync("openssl", argv, { stdio: ["ignore", "ignore", "pipe"] });
}
