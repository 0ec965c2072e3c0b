import type { Static, TProperties } from "typebox";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { PolicyRuleSchema } from "./rbac.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const text = Type.Optional(Type.String({ maxLength: 1024 }));
const words = Type.Optional(Type.Array(Type.String({ maxLength: 1024 }), { maxItems: 256 }));
const extra = Type.Optional(
  Type.Record(
    Type.String({ maxLength: 253 }),
    Type.Array(Type.String({ maxLength: 1024 }), { maxItems: 64 }),
  ),
);

/** A question has no name. */
const QuestionMetaSchema = Type.Object(
  { ...ObjectMetaSchema.properties, name: Type.String({ maxLength: 253, default: "" }) },
  closed,
);

const ResourceAttributesSchema = Type.Object(
  {
    namespace: text,
    verb: text,
    group: text,
    version: text,
    resource: text,
    subresource: text,
    name: text,
  },
  { ...closed, description: "What would be done with which resource." },
);

const asked = {
  resourceAttributes: Type.Optional(ResourceAttributesSchema),
  nonResourceAttributes: Type.Optional(Type.Object({ path: text, verb: text }, closed)),
};
const answered = Type.Optional(
  Type.Object(
    {
      allowed: Type.Optional(Type.Boolean()),
      denied: Type.Optional(Type.Boolean()),
      reason: text,
      evaluationError: text,
    },
    closed,
  ),
);
const somebody = { user: text, groups: words, uid: text, extra };

function schemaOf<T extends TProperties, K extends string>(apiGroup: string, kind: K, fields: T) {
  return Type.Object(
    {
      apiVersion: Type.Literal(`${apiGroup}/v1`),
      kind: Type.Literal(kind),
      metadata: QuestionMetaSchema,
      ...fields,
    },
    { ...closed, description: "A question, answered in its status; nothing is stored." },
  );
}

const authorization = "authorization.k8s.io";
const authentication = "authentication.k8s.io";
const selfAccess = { spec: Type.Object(asked, closed), status: answered };
const subjectAccess = { spec: Type.Object({ ...asked, ...somebody }, closed), status: answered };

const SelfSubjectAccessReviewSchema = schemaOf(authorization, "SelfSubjectAccessReview", selfAccess);
const SubjectAccessReviewSchema = schemaOf(authorization, "SubjectAccessReview", subjectAccess);
const LocalSubjectAccessReviewSchema = schemaOf(authorization, "LocalSubjectAccessReview", subjectAccess);
const RulesSchema = Type.Optional(Type.Array(PolicyRuleSchema));
const SelfSubjectRulesReviewSchema = schemaOf(authorization, "SelfSubjectRulesReview", {
  spec: Type.Object({ namespace: text }, closed),
  status: Type.Optional(
    Type.Object(
      {
        resourceRules: RulesSchema,
        nonResourceRules: RulesSchema,
        incomplete: Type.Optional(Type.Boolean()),
        evaluationError: text,
      },
      closed,
    ),
  ),
});
const SelfSubjectReviewSchema = schemaOf(authentication, "SelfSubjectReview", {
  status: Type.Optional(
    Type.Object(
      { userInfo: Type.Optional(Type.Object({ username: text, uid: text, groups: words, extra }, closed)) },
      closed,
    ),
  ),
});

export interface SelfSubjectAccessReview extends Readonly<Static<typeof SelfSubjectAccessReviewSchema>> {}
export interface SubjectAccessReview extends Readonly<Static<typeof SubjectAccessReviewSchema>> {}
export interface LocalSubjectAccessReview extends Readonly<Static<typeof LocalSubjectAccessReviewSchema>> {}
export interface SelfSubjectRulesReview extends Readonly<Static<typeof SelfSubjectRulesReviewSchema>> {}
export interface SelfSubjectReview extends Readonly<Static<typeof SelfSubjectReviewSchema>> {}

const question = {
  version: "v1",
  shortNames: [],
  namespaced: false,
  hasStatus: false,
  finalizers: [],
  columns: [],
  askOnly: true,
} as const;

export const SelfSubjectAccessReviewKind: Kind<SelfSubjectAccessReview> = {
  ...question,
  group: authorization,
  kind: "SelfSubjectAccessReview",
  plural: "selfsubjectaccessreviews",
  singular: "selfsubjectaccessreview",
  schema: SelfSubjectAccessReviewSchema,
};

export const SubjectAccessReviewKind: Kind<SubjectAccessReview> = {
  ...question,
  group: authorization,
  kind: "SubjectAccessReview",
  plural: "subjectaccessreviews",
  singular: "subjectaccessreview",
  schema: SubjectAccessReviewSchema,
};

export const LocalSubjectAccessReviewKind: Kind<LocalSubjectAccessReview> = {
  ...question,
  group: authorization,
  kind: "LocalSubjectAccessReview",
  plural: "localsubjectaccessreviews",
  singular: "localsubjectaccessreview",
  namespaced: true,
  schema: LocalSubjectAccessReviewSchema,
};

export const SelfSubjectRulesReviewKind: Kind<SelfSubjectRulesReview> = {
  ...question,
  group: authorization,
  kind: "SelfSubjectRulesReview",
  plural: "selfsubjectrulesreviews",
  singular: "selfsubjectrulesreview",
  schema: SelfSubjectRulesReviewSchema,
};

export const SelfSubjectReviewKind: Kind<SelfSubjectReview> = {
  ...question,
  group: authentication,
  kind: "SelfSubjectReview",
  plural: "selfsubjectreviews",
  singular: "selfsubjectreview",
  schema: SelfSubjectReviewSchema,
};

/** What can be asked of who may do what, and of who asks. */
export const reviewKinds: readonly Kind[] = [
  SelfSubjectAccessReviewKind,
  SubjectAccessReviewKind,
  LocalSubjectAccessReviewKind,
  SelfSubjectRulesReviewKind,
  SelfSubjectReviewKind,
];
