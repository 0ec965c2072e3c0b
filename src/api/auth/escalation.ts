import { StatusError } from "../../runtime/errors.ts";
import { type AccessToken, AccessTokenKind } from "../../schema/access-token.ts";
import { admit } from "../../schema/admission.ts";
import { groupResource, type Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import {
  ClusterRoleBindingKind,
  ClusterRoleKind,
  type PolicyRule,
  RoleBindingKind,
  RoleKind,
  type RoleRef,
} from "../../schema/rbac.ts";
import { formatRule, uncovered } from "../../schema/role-rules.ts";
import type { Access } from "./access.ts";
import type { User } from "./authenticator.ts";
import { neededToActAs } from "./impersonate.ts";

const rbacGroup = RoleKind.group;
const shownRules = 32;

/** What it takes to hold everything: only then may somebody write a role whose rules others decide. */
const everything: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/**
 * Throws `Forbidden` when a role or a binding gives what its writer does not have, and no role of theirs says
 * that they may (`escalate` a role, `bind` one). What is wrong with the object itself is for admission to
 * say.
 */
export function checkEscalation(access: Access, user: User, kind: Kind, resource: Resource): void {
  if (kind === AccessTokenKind) demandActAs(access, user, userOfToken(admit(AccessTokenKind, resource)));
  if (kind.group !== rbacGroup) return;
  const { namespace } = resource.metadata;
  const writer = { access, user, namespace, kind, name: resource.metadata.name };
  switch (kind.kind) {
    case RoleKind.kind:
      if (!may(writer, "escalate", kind)) demandRules(writer, admit(RoleKind, resource).rules ?? []);
      break;
    case ClusterRoleKind.kind: {
      if (may(writer, "escalate", kind)) return;
      const { rules = [], aggregationRule } = admit(ClusterRoleKind, resource);
      demandRules(writer, aggregationRule === undefined ? rules : everything);
      break;
    }
    case RoleBindingKind.kind:
      demandRole(writer, admit(RoleBindingKind, resource).roleRef);
      break;
    case ClusterRoleBindingKind.kind:
      demandRole(writer, admit(ClusterRoleBindingKind, resource).roleRef);
      break;
  }
}

/** Throws `Forbidden` unless `user` may let others act as `other`: itself, or whom it may impersonate. */
export function demandActAs(access: Access, user: User, other: User): void {
  const own = user.name === other.name && other.groups.every((group) => user.groups.includes(group));
  if (own) return;
  for (const attributes of neededToActAs(other)) access.demand(user, attributes);
}

function userOfToken({ spec }: AccessToken): User {
  return { name: spec.userName, groups: spec.groups };
}

interface Writer {
  readonly access: Access;
  readonly user: User;
  readonly namespace: string | undefined;
  readonly kind: Kind;
  readonly name: string;
}

function may(
  { access, user, namespace, name }: Writer,
  verb: string,
  { plural }: Pick<Kind, "plural">,
): boolean {
  const deed = { type: "resource", group: rbacGroup, version: "v1", subresource: undefined } as const;
  return access.decide(user, { ...deed, verb, resource: plural, namespace, name }).allowed;
}

function demandRole(writer: Writer, { kind, name }: RoleRef): void {
  const role = kind === "Role" ? RoleKind : ClusterRoleKind;
  if (may({ ...writer, name }, "bind", role)) return;
  const rules = writer.access.roles.roleRules(kind, writer.namespace, name);
  if (rules === undefined) throw new StatusError("NotFound", `${groupResource(role)} "${name}" not found`);
  demandRules(writer, rules);
}

function demandRules({ access, user, namespace, kind, name }: Writer, wanted: readonly PolicyRule[]): void {
  const missing = uncovered(access.roles.rulesOf(user, namespace), wanted);
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(" ");
  const list = missing.slice(0, shownRules).map(formatRule).join("\n");
  throw new StatusError(
    "Forbidden",
    `${groupResource(kind)} ${JSON.stringify(name)} is forbidden: user ${JSON.stringify(user.name)} ` +
      `(groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${list}`,
  );
}
