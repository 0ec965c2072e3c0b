import { generateKeyPairSync } from "node:crypto";
import { type UserCertificate, UserCertificateKind } from "../schema/user-certificate.ts";
import { UsageError } from "./exit-codes.ts";
import { base64, kubeconfigFor } from "./kubeconfig-for.ts";
import type { Session } from "./session.ts";

export interface CertificateOptions {
  readonly user: string;
  readonly groups: readonly string[];
  readonly lifeMs: number;
  readonly output: string | undefined;
}

/** Makes a key here, has its public half certified, and prints a kubeconfig: the key was nowhere else. */
export async function createCertificate(session: Session, options: CertificateOptions): Promise<void> {
  const { user, groups, lifeMs, output = "kubeconfig" } = options;
  if (output !== "kubeconfig" && output !== "json") {
    throw new UsageError(`-o ${output} is not kubeconfig or json`);
  }
  const { publicKey, privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const request: UserCertificate = {
    apiVersion: "ostler.dev/v1",
    kind: "UserCertificate",
    metadata: { name: "" },
    spec: {
      userName: user,
      groups: [...groups],
      publicKey,
      expirationSeconds: Math.floor(lifeMs / 1000),
    },
  };
  const { status } = await session.client.create(UserCertificateKind, request);
  const { certificate = "", expiresAt } = status ?? {};
  if (output === "json") {
    session.stdout.write(`${JSON.stringify({ user, groups, certificate, privateKey, expiresAt })}\n`);
    return;
  }
  const credentials = {
    "client-certificate-data": base64(certificate),
    "client-key-data": base64(privateKey),
  };
  session.stdout.write(kubeconfigFor(session, user, credentials));
}
