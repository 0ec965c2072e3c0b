import { createPublicKey } from "node:crypto";
import { formatTime } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import { type UserCertificate, UserCertificateKind } from "../../schema/user-certificate.ts";
import { demandActAs } from "../auth/escalation.ts";
import type { Answer, ApiContext, ApiRequest } from "./context.ts";
import { presentObject } from "./present.ts";
import type { RequestInfo } from "./request-info.ts";
import { readQuestion } from "./reviews.ts";

export function isCertificateRequest({ kind }: RequestInfo): boolean {
  return kind === UserCertificateKind;
}

/** Signs a certificate for a user as whom the caller may act. The private key was never here. */
export async function issueCertificate(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const { issuer, access, clock } = context;
  if (issuer === undefined) throw new StatusError("Unsupported", "this server signs no certificates");
  const { question, warnings } = readQuestion(UserCertificateKind, request);
  const { userName: name, groups, expirationSeconds } = question.spec;
  demandActAs(access, request.user, { name, groups });
  const lifeMs = expirationSeconds * 1000;
  const certificate = await issuer.issue({ name, groups }, keyOf(question), lifeMs);
  const expiresAt = formatTime(clock.now() + lifeMs);
  const answered = { ...question, status: { certificate, expiresAt } };
  return { code: 201, text: presentObject(context, request, answered), warnings };
}

function keyOf({ spec }: UserCertificate): string {
  try {
    const key = createPublicKey(spec.publicKey);
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return spec.publicKey;
  } catch {
    // It is told below.
  }
  throw new StatusError("Invalid", "spec.publicKey must be an EC key on the curve P-256", {
    causes: [{ field: "spec.publicKey", message: "must be an EC key on the curve P-256" }],
  });
}
