import type { ClusterRoleBinding, PolicyRule, RoleBinding, Subject } from "../../schema/rbac.ts";
import { allowsPath, allowsResource } from "../../schema/role-rules.ts";
import type { Attributes } from "./attributes.ts";
import type { User } from "./authenticator.ts";
import { authenticatedGroup, mastersGroup, serviceAccountUser } from "./groups.ts";

/** Whether something is allowed, and why or what stood in the way. */
export interface Decision {
  readonly allowed: boolean;
  /** Empty when there is nothing to say. */
  readonly reason: string;
}

interface Grant {
  /** Absent: everywhere. */
  readonly namespace: string | undefined;
  readonly binding: string;
  readonly roleKey: string;
  readonly subject: string;
}

/** What one subject has been given. */
interface Grants {
  readonly everywhere: Map<string, Grant>;
  readonly byNamespace: Map<string, Map<string, Grant>>;
}

/**
 * Roles and who has them, so that a question costs a look at what the asker has been given. Nothing is
 * allowed that no role allows.
 */
export class RoleIndex {
  readonly #rules = new Map<string, readonly PolicyRule[]>();
  readonly #grants = new Map<string, Grants>();
  /** The subjects of each binding, to take it back. */
  readonly #subjects = new Map<string, readonly string[]>();

  /** `namespace` is undefined for a ClusterRole. */
  putRole(namespace: string | undefined, name: string, rules: readonly PolicyRule[]): void {
    this.#rules.set(roleKeyOf(namespace, name), rules);
  }

  removeRole(namespace: string | undefined, name: string): void {
    this.#rules.delete(roleKeyOf(namespace, name));
  }

  putBinding(binding: RoleBinding | ClusterRoleBinding): void {
    this.removeBinding(binding);
    const { namespace, name } = binding.metadata;
    const { kind, name: role } = binding.roleRef;
    const roleKey = roleKeyOf(kind === "Role" ? namespace : undefined, role);
    const key = bindingKeyOf(binding);
    const shown =
      namespace === undefined ? `ClusterRoleBinding "${name}"` : `RoleBinding "${name}/${namespace}"`;
    const subjects = binding.subjects ?? [];
    for (const subject of subjects) {
      const grant = { namespace, binding: shown, roleKey, subject: `${subject.kind} "${subject.name}"` };
      placeFor(this.#grants, subjectKeyOf(subject, namespace), namespace).set(key, grant);
    }
    this.#subjects.set(
      key,
      subjects.map((subject) => subjectKeyOf(subject, namespace)),
    );
  }

  removeBinding(binding: RoleBinding | ClusterRoleBinding): void {
    const { namespace } = binding.metadata;
    const key = bindingKeyOf(binding);
    for (const subject of this.#subjects.get(key) ?? []) {
      const grants = this.#grants.get(subject);
      if (grants === undefined) continue;
      forget(grants, namespace, key);
      if (grants.everywhere.size === 0 && grants.byNamespace.size === 0) this.#grants.delete(subject);
    }
    this.#subjects.delete(key);
  }

  /** Forgets everything. */
  clear(): void {
    this.#rules.clear();
    this.#grants.clear();
    this.#subjects.clear();
  }

  decide(user: User, attributes: Attributes): Decision {
    if (user.groups.includes(mastersGroup)) return { allowed: true, reason: "" };
    const namespace = attributes.type === "resource" ? attributes.namespace : undefined;
    const missing: string[] = [];
    for (const grant of this.#grantsOf(user, namespace)) {
      const rules = this.#rules.get(grant.roleKey);
      if (rules === undefined) missing.push(`${describeRole(grant.roleKey)} not found`);
      else if (rules.some((rule) => allows(rule, attributes)))
        return { allowed: true, reason: because(grant) };
    }
    return { allowed: false, reason: missing.length === 0 ? "" : `RBAC: ${missing.join(", ")}` };
  }

  /** All that a user may do in a namespace, or outside of all. */
  rulesOf(user: User, namespace: string | undefined): readonly PolicyRule[] {
    if (user.groups.includes(mastersGroup)) return everything;
    const grants = [...this.#grantsOf(user, namespace)];
    return grants.flatMap(({ roleKey }) => this.#rules.get(roleKey) ?? []);
  }

  /** The rules of the role that a binding in `namespace` gives; undefined when there is no such role. */
  roleRules(kind: string, namespace: string | undefined, name: string): readonly PolicyRule[] | undefined {
    return this.#rules.get(roleKeyOf(kind === "Role" ? namespace : undefined, name));
  }

  *#grantsOf(user: User, namespace: string | undefined): Iterable<Grant> {
    yield* this.#grantsFor(`u:${user.name}`, namespace);
    for (const group of user.groups) yield* this.#grantsFor(`g:${group}`, namespace);
  }

  *#grantsFor(subject: string, namespace: string | undefined): Iterable<Grant> {
    const grants = this.#grants.get(subject);
    if (grants === undefined) return;
    yield* grants.everywhere.values();
    if (namespace !== undefined) yield* grants.byNamespace.get(namespace)?.values() ?? [];
  }
}

/** The groups that a user is in besides those it was given. */
export function withStandardGroups(user: User): User {
  if (user.groups.includes(authenticatedGroup)) return user;
  return { ...user, groups: [...user.groups, authenticatedGroup] };
}

const everything: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

function allows(rule: PolicyRule, attributes: Attributes): boolean {
  return attributes.type === "path"
    ? allowsPath(rule, attributes.verb, attributes.path)
    : allowsResource(rule, attributes);
}

function because({ binding, roleKey, subject }: Grant): string {
  return `RBAC: allowed by ${binding} of ${describeRole(roleKey)} to ${subject}`;
}

function roleKeyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function describeRole(roleKey: string): string {
  const slash = roleKey.indexOf("/");
  return slash < 0 ? `ClusterRole "${roleKey}"` : `Role "${roleKey.slice(slash + 1)}"`;
}

function bindingKeyOf({ metadata }: RoleBinding | ClusterRoleBinding): string {
  return roleKeyOf(metadata.namespace, metadata.name);
}

function subjectKeyOf({ kind, name, namespace }: Subject, home: string | undefined): string {
  switch (kind) {
    case "User":
      return `u:${name}`;
    case "Group":
      return `g:${name}`;
    case "ServiceAccount":
      return `u:${serviceAccountUser(namespace ?? home ?? "", name)}`;
  }
}

function placeFor(
  all: Map<string, Grants>,
  subject: string,
  namespace: string | undefined,
): Map<string, Grant> {
  const grants = all.get(subject) ?? { everywhere: new Map(), byNamespace: new Map() };
  all.set(subject, grants);
  if (namespace === undefined) return grants.everywhere;
  const place = grants.byNamespace.get(namespace) ?? new Map<string, Grant>();
  grants.byNamespace.set(namespace, place);
  return place;
}

function forget({ everywhere, byNamespace }: Grants, namespace: string | undefined, key: string): void {
  if (namespace === undefined) {
    everywhere.delete(key);
    return;
  }
  const place = byNamespace.get(namespace);
  place?.delete(key);
  if (place?.size === 0) byNamespace.delete(namespace);
}
