import type { Static, TProperties } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import type { Kind } from "./kind.ts";
import { checkSelector, LabelSelectorSchema } from "./label-selector.ts";
import { atomicList } from "./list-type.ts";
import { ObjectMetaSchema, type Resource } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const group = "rbac.authorization.k8s.io";
const apiVersion = "rbac.authorization.k8s.io/v1";
const maxCombinations = 10_000;
const wordsOf = (description: string, maxItems = 256) =>
  Type.Optional(Type.Array(Type.String({ maxLength: 253 }), { maxItems, description, ...atomicList }));

/** Metadata of kinds whose names may be any segment of a path, such as `system:discovery`. */
export const PathNameMetaSchema = Type.Object(
  {
    ...ObjectMetaSchema.properties,
    name: Type.String({
      pattern: "^(?!\\.{1,2}$)[^/%\\x00-\\x20\\x7f]{1,253}$",
      examples: ["system:discovery"],
      description: "Unique within kind and namespace; a segment of a path.",
    }),
  },
  closed,
);

export const PolicyRuleSchema = Type.Object(
  {
    verbs: Type.Array(Type.String({ minLength: 1, maxLength: 63 }), {
      maxItems: 64,
      ...atomicList,
      description: "get, list, watch, create, update, patch, delete, deletecollection, ... or * for all.",
    }),
    apiGroups: wordsOf("The groups of the resources: an empty one is core, * is all."),
    resources: wordsOf("Plurals, such as virtualmachines or virtualmachines/start; * is all, */status each."),
    resourceNames: wordsOf("Only objects of these names; absent: all.", 1024),
    nonResourceURLs: wordsOf("Paths that are no resources, such as /metrics; a * at the end is any rest."),
  },
  { ...closed, description: "What may be done with what: verbs on resources, or on paths." },
);

export const RoleRefSchema = Type.Object(
  {
    apiGroup: Type.Literal(group, { default: group }),
    kind: Type.Enum(["Role", "ClusterRole"]),
    name: Type.String({ minLength: 1, maxLength: 253 }),
  },
  { ...closed, description: "The role that is given. Never changes." },
);

export const SubjectSchema = Type.Object(
  {
    kind: Type.Enum(["User", "Group", "ServiceAccount"]),
    apiGroup: Type.Optional(Type.String({ maxLength: 253 })),
    name: Type.String({ minLength: 1, maxLength: 253 }),
    namespace: Type.Optional(Type.String({ maxLength: 63, description: "Of a ServiceAccount." })),
  },
  { ...closed, description: "To whom it is given." },
);

const rules = Type.Optional(Type.Array(PolicyRuleSchema, { maxItems: 512, ...atomicList }));

function schemaOf<T extends TProperties, K extends string>(kind: K, properties: T, description: string) {
  return Type.Object(
    {
      apiVersion: Type.Literal(apiVersion),
      kind: Type.Literal(kind),
      metadata: PathNameMetaSchema,
      ...properties,
    },
    { ...closed, description },
  );
}

export const RoleSchema = schemaOf("Role", { rules }, "What may be done in its namespace.");

export const ClusterRoleSchema = schemaOf(
  "ClusterRole",
  {
    rules,
    aggregationRule: Type.Optional(
      Type.Object(
        {
          clusterRoleSelectors: Type.Optional(
            Type.Array(LabelSelectorSchema, { maxItems: 32, ...atomicList }),
          ),
        },
        {
          ...closed,
          description: "Its rules are those of the ClusterRoles chosen here; Ostler writes them.",
        },
      ),
    ),
  },
  "What may be done: everywhere through a ClusterRoleBinding, in one namespace through a RoleBinding.",
);

const binding = {
  roleRef: RoleRefSchema,
  subjects: Type.Optional(Type.Array(SubjectSchema, { maxItems: 1024, ...atomicList })),
};

export const RoleBindingSchema = schemaOf("RoleBinding", binding, "Gives a role in its namespace.");
export const ClusterRoleBindingSchema = schemaOf(
  "ClusterRoleBinding",
  binding,
  "Gives a ClusterRole in all namespaces and outside of them.",
);

export interface PolicyRule extends Readonly<Static<typeof PolicyRuleSchema>> {}
export interface RoleRef extends Readonly<Static<typeof RoleRefSchema>> {}
export interface Subject extends Readonly<Static<typeof SubjectSchema>> {}
export interface Role extends Readonly<Static<typeof RoleSchema>> {}
export interface ClusterRole extends Readonly<Static<typeof ClusterRoleSchema>> {}
export interface RoleBinding extends Readonly<Static<typeof RoleBindingSchema>> {}
export interface ClusterRoleBinding extends Readonly<Static<typeof ClusterRoleBindingSchema>> {}

const common = { group, version: "v1", shortNames: [], hasStatus: false, finalizers: [] } as const;

export const RoleKind: Kind<Role> = {
  ...common,
  kind: "Role",
  plural: "roles",
  singular: "role",
  namespaced: true,
  schema: RoleSchema,
  columns: [],
  check: ({ rules = [] }) => checkRules(rules, true),
};

export const ClusterRoleKind: Kind<ClusterRole> = {
  ...common,
  kind: "ClusterRole",
  plural: "clusterroles",
  singular: "clusterrole",
  namespaced: false,
  schema: ClusterRoleSchema,
  columns: [],
  check: ({ rules = [], aggregationRule }) => [
    ...checkRules(rules, false),
    ...(aggregationRule?.clusterRoleSelectors ?? []).flatMap((selector, index) =>
      checkSelector(selector, `aggregationRule.clusterRoleSelectors[${index}]`),
    ),
  ],
};

export const RoleBindingKind: Kind<RoleBinding> = {
  ...common,
  kind: "RoleBinding",
  plural: "rolebindings",
  singular: "rolebinding",
  namespaced: true,
  schema: RoleBindingSchema,
  columns: [{ name: "Role", path: "roleRef", type: "string", show: (_value, binding) => roleOf(binding) }],
  check: ({ subjects = [] }) => checkSubjects(subjects, false),
  canonicalize: canonicalSubjects,
  checkUpdate: checkRoleRef,
};

export const ClusterRoleBindingKind: Kind<ClusterRoleBinding> = {
  ...common,
  kind: "ClusterRoleBinding",
  plural: "clusterrolebindings",
  singular: "clusterrolebinding",
  namespaced: false,
  schema: ClusterRoleBindingSchema,
  columns: [{ name: "Role", path: "roleRef", type: "string", show: (_value, binding) => roleOf(binding) }],
  check: ({ roleRef, subjects = [] }) => [
    ...(roleRef.kind === "ClusterRole"
      ? []
      : [{ field: "roleRef.kind", message: "must be ClusterRole", reason: "FieldValueNotSupported" }]),
    ...checkSubjects(subjects, true),
  ],
  canonicalize: canonicalSubjects,
  checkUpdate: checkRoleRef,
};

interface Binding {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[];
}

function roleOf({ roleRef }: Binding): string {
  return `${roleRef.kind}/${roleRef.name}`;
}

function checkRules(rules: readonly PolicyRule[], namespaced: boolean): readonly StatusCause[] {
  const combinations = rules.reduce((sum, rule) => sum + combinationsOf(rule), 0);
  if (combinations > maxCombinations) {
    const message = `must come to at most ${maxCombinations} combinations of verb, group, resource and name`;
    return [{ field: "rules", message, reason: "FieldValueInvalid" }];
  }
  return rules.flatMap((rule, index) => checkRule(rule, `rules[${index}]`, namespaced));
}

/** Whoever writes a role must hold each of these: so many can be looked at. */
function combinationsOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): number {
  const names = Math.max(1, resourceNames?.length ?? 0);
  const resourceCombinations = (apiGroups?.length ?? 0) * (resources?.length ?? 0) * names;
  return verbs.length * (resourceCombinations + (nonResourceURLs?.length ?? 0));
}

/** As Kubernetes: a rule is about paths or about resources, and in a namespace never about paths. */
function checkRule(rule: PolicyRule, field: string, namespaced: boolean): readonly StatusCause[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const causes: StatusCause[] = [];
  const refuse = (name: string, message: string, reason: string): void => {
    causes.push({ field: `${field}.${name}`, message, reason });
  };
  if (verbs.length === 0) refuse("verbs", "verbs must contain at least one value", "FieldValueRequired");
  if (nonResourceURLs.length > 0) {
    const why = "namespaced rules cannot apply to non-resource URLs";
    if (namespaced) refuse("nonResourceURLs", why, "FieldValueInvalid");
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      const both = "rules cannot apply to both regular resources and non-resource URLs";
      refuse("nonResourceURLs", both, "FieldValueInvalid");
    }
    return causes;
  }
  if (apiGroups.length === 0) {
    refuse("apiGroups", "resource rules must supply at least one api group", "FieldValueRequired");
  }
  if (resources.length === 0) {
    refuse("resources", "resource rules must supply at least one resource", "FieldValueRequired");
  }
  return causes;
}

function checkSubjects(subjects: readonly Subject[], clusterWide: boolean): readonly StatusCause[] {
  return subjects.flatMap(({ kind, apiGroup = "", namespace }, index) => {
    const field = `subjects[${index}]`;
    const wanted = kind === "ServiceAccount" ? "" : group;
    if (apiGroup !== "" && apiGroup !== wanted) {
      return [
        { field: `${field}.apiGroup`, message: `must be "${wanted}"`, reason: "FieldValueNotSupported" },
      ];
    }
    if (kind === "ServiceAccount" && clusterWide && namespace === undefined) {
      return [{ field: `${field}.namespace`, message: "required", reason: "FieldValueRequired" }];
    }
    return [];
  });
}

/** kubectl compares subjects field by field: who leaves the group out means this one. */
function canonicalSubjects<T extends Binding & Resource>(resource: T): T {
  if (resource.subjects === undefined) return resource;
  const { namespace: home } = resource.metadata;
  const subjects = resource.subjects.map((subject) => {
    if (subject.kind !== "ServiceAccount") return { ...subject, apiGroup: subject.apiGroup || group };
    return home === undefined || subject.namespace !== undefined ? subject : { ...subject, namespace: home };
  });
  return { ...resource, subjects };
}

/** Who may use a binding was decided for the role it named. */
function checkRoleRef(before: Binding, after: Binding): readonly StatusCause[] {
  const { apiGroup, kind, name } = before.roleRef;
  const same =
    after.roleRef.apiGroup === apiGroup && after.roleRef.kind === kind && after.roleRef.name === name;
  return same ? [] : [{ field: "roleRef", message: "cannot change roleRef: field is immutable" }];
}
