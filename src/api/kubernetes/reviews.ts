import { StatusError } from "../../runtime/errors.ts";
import { invalid } from "../../schema/admission.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import type { PolicyRule } from "../../schema/rbac.ts";
import {
  type LocalSubjectAccessReview,
  LocalSubjectAccessReviewKind,
  reviewKinds,
  SelfSubjectAccessReviewKind,
  SelfSubjectReviewKind,
  type SelfSubjectRulesReview,
  SelfSubjectRulesReviewKind,
  type SubjectAccessReview,
  SubjectAccessReviewKind,
} from "../../schema/reviews.ts";
import { conforms, explain } from "../../schema/validator.ts";
import type { Access } from "../auth/access.ts";
import type { Attributes } from "../auth/attributes.ts";
import type { User } from "../auth/authenticator.ts";
import { readJson, toResource } from "./body.ts";
import type { Answer, ApiContext, ApiRequest } from "./context.ts";
import { presentObject } from "./present.ts";
import type { RequestInfo } from "./request-info.ts";

/** Whether a request asks what somebody may do, or who asks. */
export function isReview({ kind }: RequestInfo): boolean {
  return reviewKinds.includes(kind);
}

/** The question that a body asks. Throws `Invalid`. */
export function readQuestion<T extends Resource>(
  kind: Kind<T>,
  request: ApiRequest,
): { readonly question: T; readonly warnings: readonly string[] } {
  const { resource, warnings } = toResource(request, withMetadata(readJson(request)));
  return { question: checked(kind, resource), warnings };
}

/** Answers the question; nothing is stored. */
export async function handleReview(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const { resource, warnings } = toResource(request, withMetadata(readJson(request)));
  const answered = answer(context.access, request, resource);
  return { code: 201, text: presentObject(context, request, answered), warnings };
}

function withMetadata(body: unknown): unknown {
  return typeof body === "object" && body !== null && !("metadata" in body)
    ? { ...body, metadata: {} }
    : body;
}

function answer(access: Access, { info, user }: ApiRequest, question: Resource): Resource {
  switch (info.kind.kind) {
    case SelfSubjectAccessReviewKind.kind: {
      const review = checked(SelfSubjectAccessReviewKind, question);
      return { ...review, ...statusOf(accessOf(access, user, review.spec)) };
    }
    case SubjectAccessReviewKind.kind: {
      const review = checked(SubjectAccessReviewKind, question);
      return { ...review, ...statusOf(accessOf(access, subjectOf(review), review.spec)) };
    }
    case LocalSubjectAccessReviewKind.kind: {
      const review = checked(LocalSubjectAccessReviewKind, question);
      assertLocal(review);
      return { ...review, ...statusOf(accessOf(access, subjectOf(review), review.spec)) };
    }
    case SelfSubjectRulesReviewKind.kind: {
      const review = checked(SelfSubjectRulesReviewKind, question);
      return { ...review, ...statusOf(rulesOf(access, user, review)) };
    }
    default: {
      const { name: username, uid, groups, extra } = user;
      const userInfo = { username, ...(uid !== undefined && { uid }), groups, ...(extra && { extra }) };
      return { ...checked(SelfSubjectReviewKind, question), ...statusOf({ userInfo }) };
    }
  }
}

function statusOf(status: object): { readonly status: object } {
  return { status };
}

function checked<T extends Resource>(kind: Kind<T>, resource: Resource): T {
  const copy: unknown = structuredClone(resource);
  if (conforms(kind, copy)) return copy;
  throw invalid(kind, resource, explain(kind, resource));
}

function accessOf(access: Access, user: User, spec: SubjectAccessReview["spec"]): object {
  const { resourceAttributes, nonResourceAttributes } = spec;
  if ((resourceAttributes === undefined) === (nonResourceAttributes === undefined)) {
    throw new StatusError(
      "Invalid",
      "exactly one of spec.resourceAttributes and spec.nonResourceAttributes must be given",
    );
  }
  const { allowed, reason } = access.decide(user, attributesOf(spec));
  return { allowed, ...(reason !== "" && { reason }) };
}

function attributesOf({
  resourceAttributes,
  nonResourceAttributes,
}: SubjectAccessReview["spec"]): Attributes {
  if (resourceAttributes === undefined) {
    const { verb = "", path = "" } = nonResourceAttributes ?? {};
    return { type: "path", verb, path };
  }
  const { verb = "", group = "", version = "", resource = "" } = resourceAttributes;
  const { namespace, name, subresource } = resourceAttributes;
  return {
    type: "resource",
    verb,
    group,
    version,
    resource,
    namespace: namespace || undefined,
    name: name || undefined,
    subresource: subresource || undefined,
  };
}

function subjectOf({ spec }: Pick<SubjectAccessReview, "spec">): User {
  const { user = "", groups = [], uid, extra } = spec;
  if (user === "" && groups.length === 0) {
    throw new StatusError("Invalid", "at least one of spec.user and spec.groups must be given");
  }
  return { name: user, groups, uid, extra };
}

/** Who may ask in one namespace asks about that one. */
function assertLocal({ metadata, spec }: LocalSubjectAccessReview): void {
  const asked = spec.resourceAttributes?.namespace;
  if (spec.nonResourceAttributes === undefined && asked === metadata.namespace) return;
  throw new StatusError("Invalid", "spec.resourceAttributes.namespace must be that of the review");
}

function rulesOf(access: Access, user: User, { spec }: SelfSubjectRulesReview): object {
  const { namespace = "" } = spec;
  if (namespace === "") throw new StatusError("BadRequest", "no namespace on request");
  const rules = access.roles.rulesOf(user, namespace);
  const aboutPaths = (rule: PolicyRule): boolean => (rule.nonResourceURLs ?? []).length > 0;
  return {
    resourceRules: rules.filter((rule) => !aboutPaths(rule)),
    nonResourceRules: rules.filter(aboutPaths),
    incomplete: false,
  };
}
