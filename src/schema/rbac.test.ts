import t from "tap";
import { hasReason } from "../runtime/errors.ts";
import { admit } from "./admission.ts";
import {
  type ClusterRoleBinding,
  ClusterRoleBindingKind,
  ClusterRoleKind,
  RoleBindingKind,
  RoleKind,
} from "./rbac.ts";

const apiVersion = "rbac.authorization.k8s.io/v1";
const group = "rbac.authorization.k8s.io";
const causesOf = (work: () => unknown): readonly string[] => {
  try {
    work();
    return [];
  } catch (error) {
    if (!hasReason(error, "Invalid")) throw error;
    return error.causes.map(({ field, message }) => `${field}: ${message}`);
  }
};

t.test("a rule is about resources or about paths, and in a namespace never about paths", async (t) => {
  const role = (rule: object) => ({ apiVersion, kind: "Role", metadata: { name: "r" }, rules: [rule] });
  const cases = [
    [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"] }, []],
    [{ verbs: [], apiGroups: [""], resources: ["x"] }, ["rules[0].verbs"]],
    [{ verbs: ["get"], resources: ["x"] }, ["rules[0].apiGroups"]],
    [{ verbs: ["get"], apiGroups: [""] }, ["rules[0].resources"]],
    [{ verbs: ["get"], nonResourceURLs: ["/x"] }, ["rules[0].nonResourceURLs"]],
  ] as const;
  for (const [rule, fields] of cases) {
    const found = causesOf(() => admit(RoleKind, role(rule))).map((cause) => cause.split(": ")[0]);
    t.same(found, fields, JSON.stringify(rule));
  }
  const both = { verbs: ["get"], nonResourceURLs: ["/x"], apiGroups: [""], resources: ["y"] };
  const clusterRole = { ...role(both), kind: "ClusterRole" };
  t.match(
    causesOf(() => admit(ClusterRoleKind, clusterRole)),
    [/both regular resources and non-resource/],
  );
});

t.test("a role that comes to more combinations than can be looked at is refused", async (t) => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`);
  const rules = [{ verbs: many(64), apiGroups: many(20), resources: many(20) }];
  const role = { apiVersion, kind: "Role", metadata: { name: "r" }, rules };
  t.match(
    causesOf(() => admit(RoleKind, role)),
    [/at most 10000 combinations/],
  );
});

t.test("names are segments of paths", async (t) => {
  const named = (name: string) => ({ apiVersion, kind: "ClusterRole", metadata: { name }, rules: [] });
  for (const name of ["system:x", "A_b@c", "a".repeat(253)]) t.ok(admit(ClusterRoleKind, named(name)), name);
  for (const name of [".", "..", "a/b", "a%2f", "a b", "a\n", "", "a".repeat(254)]) {
    t.equal(causesOf(() => admit(ClusterRoleKind, named(name))).length, 1, name);
  }
});

t.test("subjects say of which group they are, as kubectl compares them", async (t) => {
  const binding = {
    apiVersion,
    kind: "RoleBinding",
    metadata: { name: "b", namespace: "team" },
    roleRef: { kind: "ClusterRole", name: "view" },
    subjects: [
      { kind: "User", name: "ann" },
      { kind: "ServiceAccount", name: "robot" },
    ],
  };
  const { roleRef, subjects } = admit(RoleBindingKind, binding);
  t.equal(roleRef.apiGroup, group);
  t.same(subjects, [
    { kind: "User", name: "ann", apiGroup: group },
    { kind: "ServiceAccount", name: "robot", namespace: "team" },
  ]);
  const wrong = { ...binding, subjects: [{ kind: "User", name: "ann", apiGroup: "other" }] };
  t.match(
    causesOf(() => admit(RoleBindingKind, wrong)),
    [/^subjects\[0\].apiGroup/],
  );
});

t.test(
  "a cluster-wide binding gives a ClusterRole, and a binding never another role than at first",
  async (t) => {
    const binding = {
      apiVersion,
      kind: "ClusterRoleBinding",
      metadata: { name: "b" },
      roleRef: { kind: "Role", name: "x" },
      subjects: [{ kind: "ServiceAccount", name: "robot" }],
    };
    t.match(
      causesOf(() => admit(ClusterRoleBindingKind, binding)),
      [/^roleRef.kind: must be ClusterRole/, /^subjects\[0\].namespace: required/],
    );
    const stored: ClusterRoleBinding = {
      apiVersion,
      kind: "ClusterRoleBinding",
      metadata: { name: "b" },
      roleRef: { apiGroup: group, kind: "ClusterRole", name: "view" },
    };
    const other = { ...stored, roleRef: { ...stored.roleRef, name: "admin" } };
    t.match(ClusterRoleBindingKind.checkUpdate?.(stored, other), [
      { field: "roleRef", message: /immutable/ },
    ]);
    t.same(ClusterRoleBindingKind.checkUpdate?.(stored, { ...stored, subjects: [] }), []);
  },
);
