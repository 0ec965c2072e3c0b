import { bearerAuthenticator, hashToken } from "../api/auth/authenticator.ts";
import { defaultClusterRoleBindings, defaultClusterRoles } from "../schema/default-roles.ts";
import { NamespaceKind } from "../schema/namespace.ts";
import {
  ClusterRoleBindingKind,
  ClusterRoleKind,
  type PolicyRule,
  RoleBindingKind,
  RoleKind,
} from "../schema/rbac.ts";
import {
  type ApiAnswer,
  type ApiFixture,
  type ApiFixtureOptions,
  type CallOptions,
  startApi,
} from "./api-fixture.ts";

type Call = (
  method: Parameters<ApiFixture["call"]>[0],
  url: string,
  options?: CallOptions,
) => Promise<ApiAnswer>;

/** An API with users; the default roles are there, and nobody has any but those that everybody has. */
export interface AccessFixture extends AsyncDisposable {
  readonly api: ApiFixture;
  /** Asks as a user of that name, who is in the groups of its name's words: `ann+dev` is ann, in dev. */
  as(user: string): Call;
  /** Gives a ClusterRole: everywhere, or in one namespace. */
  bind(user: string, role: string, namespace?: string): Promise<void>;
  /** Makes a role (a ClusterRole outside of namespaces) and gives it. */
  grant(user: string, rules: PolicyRule[], namespace?: string): Promise<void>;
}

export async function startAccess(
  users: readonly string[],
  options: ApiFixtureOptions = {},
): Promise<AccessFixture> {
  const records = ["root+system:masters", ...users].map((text) => ({
    user: userOf(text),
    sha256: hashToken(tokenOf(text)),
  }));
  const api = await startApi({ authenticate: bearerAuthenticator(records), ...options });
  for (const role of defaultClusterRoles) await api.store.create(ClusterRoleKind, role);
  for (const binding of defaultClusterRoleBindings) await api.store.create(ClusterRoleBindingKind, binding);
  for (const name of ["a", "b"]) {
    await api.store.create(NamespaceKind, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  let count = 0;
  const bind = async (user: string, kind: "Role" | "ClusterRole", role: string, namespace?: string) => {
    count += 1;
    const head = { apiVersion: "rbac.authorization.k8s.io/v1", name: `binding-${count}` } as const;
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind, name: role } as const;
    const subjects = [{ kind: "User" as const, apiGroup: roleRef.apiGroup, name: userOf(user).name }];
    const { apiVersion, name } = head;
    if (namespace === undefined) {
      const binding = {
        apiVersion,
        kind: "ClusterRoleBinding",
        metadata: { name },
        roleRef,
        subjects,
      } as const;
      await api.store.create(ClusterRoleBindingKind, { ...binding, subjects: [...subjects] });
      return;
    }
    const metadata = { name, namespace };
    const binding = { apiVersion, kind: "RoleBinding", metadata, roleRef, subjects } as const;
    await api.store.create(RoleBindingKind, { ...binding, subjects: [...subjects] });
  };
  return {
    api,
    as: (user) => (method, url, given) =>
      api.call(method, url, {
        ...given,
        headers: { authorization: `Bearer ${tokenOf(user)}`, ...given?.headers },
      }),
    bind: (user, role, namespace) => bind(user, "ClusterRole", role, namespace),
    async grant(user, rules, namespace) {
      const name = `role-${count}`;
      const apiVersion = "rbac.authorization.k8s.io/v1";
      if (namespace === undefined) {
        const role = { apiVersion, kind: "ClusterRole", metadata: { name }, rules } as const;
        await api.store.create(ClusterRoleKind, role);
        return bind(user, "ClusterRole", name);
      }
      const role = { apiVersion, kind: "Role", metadata: { name, namespace }, rules } as const;
      await api.store.create(RoleKind, role);
      return bind(user, "Role", name, namespace);
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

/** What a user of the fixture shows. */
export function tokenOf(user: string): string {
  return `token-of-${user.replaceAll(/[^a-z]/g, "-")}`;
}

function userOf(text: string): { readonly name: string; readonly groups: readonly string[] } {
  const [name = "", ...groups] = text.split("+");
  return { name, groups };
}
