import type { ClusterRole, ClusterRoleBinding, PolicyRule } from "./rbac.ts";
import { unionOfRules } from "./role-rules.ts";

const labelPrefix = "rbac.authorization.k8s.io/aggregate-to-";
const bootstrapping = { "kubernetes.io/bootstrapping": "rbac-defaults" };
/** On an object of ours with the value `false`: it is left as people have changed it. */
export const autoUpdateAnnotation = "rbac.authorization.kubernetes.io/autoupdate";

const ours = "ostler.dev";
const read = ["get", "list", "watch"];
const write = ["create", "delete", "deletecollection", "patch", "update"];

function rule(apiGroup: string, resources: readonly string[], verbs: readonly string[]): PolicyRule {
  return { verbs: [...verbs], apiGroups: [apiGroup], resources: [...resources] };
}

/** What belongs to who uses machines, in namespaces. */
const machines = ["virtualmachines", "virtualmachinepools", "volumes"];
const machineParts = machines.map((name) => `${name}/status`);
const actions = ["start", "stop", "restart", "pause", "unpause"].map((name) => `virtualmachines/${name}`);
/** What is shared by all and belongs to operators: everybody may look, so that manifests can be written. */
const shared = ["hosts", "images", "instancetypes", "placementpolicies"];

const viewRules: readonly PolicyRule[] = [
  rule(ours, [...machines, ...machineParts, "virtualmachines/explain", "virtualmachinepools/scale"], read),
  rule(ours, [...shared, ...shared.map((name) => `${name}/status`)], read),
  rule(ours, ["plan"], ["create"]),
  rule("", ["pods", "nodes"], read),
  rule("metrics.k8s.io", ["pods", "nodes"], ["get", "list"]),
  rule("scheduling.k8s.io", ["priorityclasses"], read),
  rule("autoscaling", ["horizontalpodautoscalers", "horizontalpodautoscalers/status"], read),
  rule(
    "",
    ["configmaps", "events", "namespaces", "resourcequotas", "resourcequotas/status", "services"],
    read,
  ),
];

const editRules: readonly PolicyRule[] = [
  rule(ours, [...machines, "virtualmachinepools/scale"], write),
  rule(ours, actions, ["update"]),
  rule(ours, ["virtualmachines/console"], ["get", "create"]),
  rule("", ["pods/attach", "pods/exec"], ["get", "create"]),
  // Refused to everybody, but only who may ask is told what to do instead.
  rule("", ["pods/log", "pods/portforward"], ["get", "create"]),
  rule("autoscaling", ["horizontalpodautoscalers"], write),
  rule("coordination.k8s.io", ["leases"], [...read, ...write]),
  rule("", ["configmaps", "events"], write),
  rule("", ["secrets"], [...read, ...write]),
];

const adminRules: readonly PolicyRule[] = [
  rule("rbac.authorization.k8s.io", ["roles", "rolebindings"], [...read, ...write]),
  rule("authorization.k8s.io", ["localsubjectaccessreviews"], ["create"]),
];

/** Whoever reaches the flat API is in it. */
export const seedClientsGroup = "system:seed-clients";

const seedRules: readonly PolicyRule[] = [
  rule(ours, ["virtualmachines", "volumes"], ["get", "list", "create", "update", "delete"]),
  rule(ours, ["hosts", "images", "instancetypes"], ["get", "list"]),
];

/** The roles that always exist. Each start puts back what of them is missing: docs/reference/access.md. */
export const defaultClusterRoles: readonly ClusterRole[] = [
  role("cluster-admin", [
    { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
    { verbs: ["*"], nonResourceURLs: ["*"] },
  ]),
  aggregated("admin", ["admin"], unionOfRules([editRules, viewRules, adminRules])),
  aggregated("edit", ["edit"], unionOfRules([editRules, viewRules]), "admin"),
  aggregated("view", ["view"], viewRules, "edit"),
  role("system:aggregate-to-admin", adminRules, "admin"),
  role("system:aggregate-to-edit", editRules, "edit"),
  role("system:aggregate-to-view", viewRules, "view"),
  role("system:basic-user", [
    rule("authorization.k8s.io", ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], ["create"]),
    rule("authentication.k8s.io", ["selfsubjectreviews"], ["create"]),
  ]),
  role("system:discovery", [
    {
      verbs: ["get", "head"],
      nonResourceURLs: [
        "/api",
        "/api/*",
        "/apis",
        "/apis/*",
        "/healthz",
        "/livez",
        "/openapi",
        "/openapi/*",
        "/readyz",
        "/version",
        "/version/",
      ],
    },
  ]),
  role("system:seed-client", seedRules),
  role("system:monitoring", [{ verbs: ["get", "head"], nonResourceURLs: ["/metrics"] }]),
];

/** Who always has which of them. */
export const defaultClusterRoleBindings: readonly ClusterRoleBinding[] = [
  bindingOf("cluster-admin", "system:masters"),
  bindingOf("system:basic-user", "system:authenticated"),
  bindingOf("system:discovery", "system:authenticated"),
  bindingOf("system:monitoring", "system:monitoring"),
  bindingOf("system:seed-clients", seedClientsGroup, "system:seed-client"),
];

function role(name: string, rules: readonly PolicyRule[], into?: string): ClusterRole {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: {
      name,
      labels: { ...bootstrapping, ...(into !== undefined && { [`${labelPrefix}${into}`]: "true" }) },
      annotations: { [autoUpdateAnnotation]: "true" },
    },
    rules: [...rules],
  };
}

/** A role whose rules are those of all roles that say they belong to it: that is how kinds are added. */
function aggregated(
  name: string,
  from: readonly string[],
  rules: readonly PolicyRule[],
  into?: string,
): ClusterRole {
  const clusterRoleSelectors = from.map((part) => ({ matchLabels: { [`${labelPrefix}${part}`]: "true" } }));
  return { ...role(name, rules, into), aggregationRule: { clusterRoleSelectors } };
}

function bindingOf(name: string, groupName: string, roleName = name): ClusterRoleBinding {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: {
      name,
      labels: bootstrapping,
      annotations: { [autoUpdateAnnotation]: "true" },
    },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: roleName },
    subjects: [{ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: groupName }],
  };
}
