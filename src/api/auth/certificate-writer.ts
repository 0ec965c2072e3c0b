import { createPrivateKey, createPublicKey, KeyObject, webcrypto } from "node:crypto";
import { isIP } from "node:net";

/** PEM texts: a certificate and its private key (PKCS #8). */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Who a certificate is for, and when it is valid. */
export interface CertificateRequest {
  readonly commonName: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** At most 19 unpredictable bytes. */
  readonly serial: Uint8Array;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A new certificate authority (ECDSA P-256) that signs itself and may sign servers, no other authorities. */
export async function makeAuthority(request: CertificateRequest): Promise<KeyPair> {
  const x509 = await loadLibrary();
  const keys = await makeKeys();
  const fields = fieldsOf(request);
  const certificate = await x509.X509CertificateGenerator.create({
    ...fields,
    issuer: fields.subject,
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: pemOf(certificate), key: keyPemOf(keys) };
}

/** A new server certificate (ECDSA P-256) for these names and addresses, signed by the authority. */
export async function makeServerPair(
  request: CertificateRequest,
  names: readonly string[],
  authority: KeyPair,
): Promise<KeyPair> {
  const x509 = await loadLibrary();
  const issuer = new x509.X509Certificate(authority.cert);
  const issuerKeyId = issuer.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...fieldsOf(request),
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: createPrivateKey(authority.key).toCryptoKey(algorithm, false, ["sign"]),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(issuerKeyId === undefined ? [] : [new x509.AuthorityKeyIdentifierExtension(issuerKeyId)]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value })),
      ),
    ],
  });
  return { cert: pemOf(certificate), key: keyPemOf(keys) };
}

/** Whose certificate it is: a user in groups, who has the private half of this key. */
export interface ClientRequest extends CertificateRequest {
  readonly organizations: readonly string[];
  /** PEM. */
  readonly publicKey: string;
}

/** A certificate (PEM) by which a user is known, signed by the authority. Throws unless its key is P-256. */
export async function makeClientCertificate(request: ClientRequest, authority: KeyPair): Promise<string> {
  const x509 = await loadLibrary();
  const issuer = new x509.X509Certificate(authority.cert);
  const { subject, ...fields } = fieldsOf(request);
  const certificate = await x509.X509CertificateGenerator.create({
    ...fields,
    subject: [...subject, ...request.organizations.map((name) => ({ O: [name] }))],
    issuer: issuer.subjectName,
    publicKey: createPublicKey(request.publicKey).toCryptoKey(algorithm, true, ["verify"]),
    signingKey: createPrivateKey(authority.key).toCryptoKey(algorithm, false, ["sign"]),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
    ],
  });
  return pemOf(certificate);
}

/** Loaded only when a certificate has to be made: a start that finds its certificates does without. */
async function loadLibrary(): Promise<typeof import("@peculiar/x509")> {
  await import("reflect-metadata");
  return import("@peculiar/x509");
}

function fieldsOf({ commonName, notBefore, notAfter, serial }: CertificateRequest) {
  return {
    subject: [{ CN: [commonName] }],
    serialNumber: Buffer.from(serial).toString("hex"),
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
  };
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function pemOf(certificate: import("@peculiar/x509").X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

function keyPemOf({ privateKey }: webcrypto.CryptoKeyPair): string {
  return KeyObject.from(privateKey).export({ type: "pkcs8", format: "pem" }).toString();
}
