import t from "tap";
import { admit } from "./admission.ts";
import { defaultClusterRoleBindings, defaultClusterRoles } from "./default-roles.ts";
import { ClusterRoleBindingKind, ClusterRoleKind, type PolicyRule } from "./rbac.ts";
import { allowsResource } from "./role-rules.ts";

const rulesOf = (name: string): readonly PolicyRule[] =>
  defaultClusterRoles.find(({ metadata }) => metadata.name === name)?.rules ?? [];
const may = (role: string, deed: string): boolean => {
  const [verb = "", group = "", combined = ""] = deed.split(" ");
  const [resource = "", subresource] = combined.split("/");
  const asked = { verb, group: group === "core" ? "" : group, resource, subresource, name: "x" };
  return rulesOf(role).some((rule) => allowsResource(rule, asked));
};

t.test("the default roles and bindings are valid", async (t) => {
  for (const role of defaultClusterRoles) t.ok(admit(ClusterRoleKind, role), role.metadata.name);
  for (const binding of defaultClusterRoleBindings) {
    t.ok(admit(ClusterRoleBindingKind, binding), binding.metadata.name);
    t.ok(rulesOf(binding.roleRef.name).length > 0, "there is such a role");
  }
});

t.test(
  "who views sees machines and no secrets; who edits writes them; who administers gives roles",
  async (t) => {
    const cases = [
      ["get ostler.dev virtualmachines", "view edit admin"],
      ["list ostler.dev hosts", "view edit admin"],
      ["get ostler.dev virtualmachines/explain", "view edit admin"],
      ["create ostler.dev virtualmachines", "edit admin"],
      ["update ostler.dev virtualmachines/start", "edit admin"],
      ["deletecollection ostler.dev volumes", "edit admin"],
      ["get core secrets", "edit admin"],
      ["list core secrets", "edit admin"],
      ["create rbac.authorization.k8s.io rolebindings", "admin"],
      ["update ostler.dev virtualmachines/status", ""],
      ["create ostler.dev hosts", ""],
      ["update ostler.dev hosts/hostkey", ""],
      ["create rbac.authorization.k8s.io clusterroles", ""],
      ["create core resourcequotas", ""],
      ["get ostler.dev accesstokens", ""],
      ["impersonate core users", ""],
      ["escalate rbac.authorization.k8s.io roles", ""],
    ] as const;
    for (const [deed, roles] of cases) {
      const able = ["view", "edit", "admin"].filter((role) => may(role, deed)).join(" ");
      t.equal(able, roles, deed);
      t.ok(may("cluster-admin", deed));
    }
  },
);
