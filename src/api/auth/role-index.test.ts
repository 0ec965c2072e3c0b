import t from "tap";
import type { RoleBinding, Subject } from "../../schema/rbac.ts";
import type { Attributes } from "./attributes.ts";
import { RoleIndex, withStandardGroups } from "./role-index.ts";

const group = "rbac.authorization.k8s.io";
const get = (namespace?: string): Attributes => ({
  type: "resource",
  verb: "get",
  group: "",
  version: "v1",
  resource: "secrets",
  subresource: undefined,
  namespace,
  name: "x",
});
const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"] }];
const binding = (subject: Subject, namespace = "a", kind: "Role" | "ClusterRole" = "Role"): RoleBinding => ({
  apiVersion: `${group}/v1`,
  kind: "RoleBinding",
  metadata: { name: "b", namespace },
  roleRef: { apiGroup: group, kind, name: "r" },
  subjects: [subject],
});
const ann = withStandardGroups({ name: "ann", groups: ["dev"] });

t.test("a grant reaches users, groups and service accounts, each by its name", async (t) => {
  const subjects = [
    [{ kind: "User", name: "ann" }, ann, true],
    [{ kind: "User", name: "dev" }, ann, false],
    [{ kind: "Group", name: "dev" }, ann, true],
    [{ kind: "Group", name: "system:authenticated" }, ann, true],
    [{ kind: "Group", name: "ann" }, ann, false],
    [{ kind: "ServiceAccount", name: "bot" }, { name: "system:serviceaccount:a:bot", groups: [] }, true],
    [{ kind: "ServiceAccount", name: "bot" }, { name: "system:serviceaccount:b:bot", groups: [] }, false],
    [
      { kind: "ServiceAccount", name: "bot", namespace: "b" },
      { name: "system:serviceaccount:b:bot", groups: [] },
      true,
    ],
  ] as const;
  for (const [subject, user, allowed] of subjects) {
    const index = new RoleIndex();
    index.putRole("a", "r", rules);
    index.putBinding(binding(subject));
    t.equal(index.decide(user, get("a")).allowed, allowed, JSON.stringify(subject));
    t.notOk(index.decide(user, get("b")).allowed, "not elsewhere");
    t.notOk(index.decide(user, get()).allowed, "not everywhere");
  }
});

t.test("a role of a namespace is not that of another; a cluster role is one for all", async (t) => {
  const index = new RoleIndex();
  index.putRole("b", "r", rules);
  index.putBinding(binding({ kind: "User", name: "ann" }));
  t.match(index.decide(ann, get("a")), { allowed: false, reason: 'RBAC: Role "r" not found' });
  index.putBinding(binding({ kind: "User", name: "ann" }, "a", "ClusterRole"));
  index.putRole(undefined, "r", rules);
  t.same(index.decide(ann, get("a")), {
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "b/a" of ClusterRole "r" to User "ann"',
  });
});

t.test("what is changed or taken back leaves nothing behind", async (t) => {
  const index = new RoleIndex();
  index.putRole("a", "r", rules);
  index.putBinding(binding({ kind: "User", name: "ann" }));
  index.putBinding(binding({ kind: "User", name: "bob" }));
  t.notOk(index.decide(ann, get("a")).allowed, "the binding names somebody else now");
  t.ok(index.decide({ name: "bob", groups: [] }, get("a")).allowed);
  index.removeBinding(binding({ kind: "User", name: "irrelevant" }));
  t.notOk(index.decide({ name: "bob", groups: [] }, get("a")).allowed);
  index.putBinding(binding({ kind: "User", name: "bob" }));
  index.removeRole("a", "r");
  t.notOk(index.decide({ name: "bob", groups: [] }, get("a")).allowed);
});

t.test("masters may do everything, whatever roles say", async (t) => {
  const index = new RoleIndex();
  const root = { name: "root", groups: ["system:masters"] };
  t.ok(index.decide(root, get()).allowed);
  t.ok(index.decide(root, { type: "path", verb: "get", path: "/metrics" }).allowed);
  t.equal(index.rulesOf(root, "a").length, 2);
});

t.test("a grant in a namespace says nothing of paths", async (t) => {
  const index = new RoleIndex();
  index.putRole(undefined, "r", [{ verbs: ["*"], nonResourceURLs: ["*"] }]);
  index.putBinding(binding({ kind: "User", name: "ann" }, "a", "ClusterRole"));
  t.notOk(index.decide(ann, { type: "path", verb: "get", path: "/metrics" }).allowed);
});
