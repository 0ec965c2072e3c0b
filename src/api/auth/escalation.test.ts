import t from "tap";
import { startAccess } from "../../testing/access-fixture.ts";

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const roles = `${rbac}/namespaces/a/roles`;
const bindings = `${rbac}/namespaces/a/rolebindings`;
const role = (verbs: string[], resources = ["virtualmachines"], apiGroups = ["ostler.dev"]) => ({
  metadata: { name: "r" },
  rules: [{ verbs, apiGroups, resources }],
});
const binding = (name: string, kind = "ClusterRole") => ({
  metadata: { name: `b-${name}` },
  roleRef: { kind, name },
  subjects: [{ kind: "User", name: "ann" }],
});

t.test("nobody gives what they do not have, by whatever way it is written", async (t) => {
  await using access = await startAccess(["ann"]);
  await access.bind("ann", "admin", "a");
  const ann = access.as("ann");
  t.equal((await ann("POST", roles, { body: role(["get", "create"]) })).code, 201);
  const { json } = await ann("POST", roles, { body: { ...role(["explode"]), metadata: { name: "s" } } });
  t.match(json, {
    code: 403,
    message:
      'roles.rbac.authorization.k8s.io "s" is forbidden: user "ann" (groups=["system:authenticated"]) is ' +
      "attempting to grant RBAC permissions not currently held:\n" +
      '{APIGroups:["ostler.dev"], Resources:["virtualmachines"], Verbs:["explode"]}',
  });
  const widened = role(["*"], ["*"], ["*"]);
  t.equal((await ann("PUT", `${roles}/r`, { body: widened })).code, 403);
  const merge = { "content-type": "application/merge-patch+json" };
  const patch = { rules: widened.rules };
  t.equal((await ann("PATCH", `${roles}/r`, { body: patch, headers: merge })).code, 403);
  const json6902 = { "content-type": "application/json-patch+json" };
  const operations = [{ op: "replace", path: "/rules", value: widened.rules }];
  t.equal((await ann("PATCH", `${roles}/r`, { body: operations, headers: json6902 })).code, 403);
  t.equal(
    (await ann("POST", `${roles}?dryRun=All`, { body: { ...widened, metadata: { name: "t" } } })).code,
    403,
  );
  t.match((await ann("GET", `${roles}/r`)).json, { rules: [{ verbs: ["get", "create"] }] });
});

t.test("nobody binds a role that gives more than they have", async (t) => {
  await using access = await startAccess(["ann"]);
  await access.bind("ann", "admin", "a");
  const ann = access.as("ann");
  t.equal((await ann("POST", bindings, { body: binding("view") })).code, 201);
  t.match((await ann("POST", bindings, { body: binding("cluster-admin") })).json, {
    code: 403,
    message: /"b-cluster-admin" is forbidden: .* attempting to grant RBAC permissions not currently held:\n/,
  });
  t.match((await ann("POST", bindings, { body: binding("nosuch") })).json, { code: 404 });
  t.equal((await ann("POST", `${rbac}/clusterrolebindings`, { body: binding("view") })).code, 403);
  const moved = { ...binding("view"), roleRef: { kind: "ClusterRole", name: "edit" } };
  t.match((await ann("PUT", `${bindings}/b-view`, { body: moved })).json, {
    code: 422,
    message: /cannot change roleRef/,
  });
});

t.test(
  "who may escalate or bind may; and a role that gathers others is for who holds everything",
  async (t) => {
    await using access = await startAccess(["ann", "bob", "eve"]);
    const write = (resources: string[], verbs: string[]) => [
      { verbs, apiGroups: ["rbac.authorization.k8s.io"], resources },
    ];
    await access.grant("ann", write(["roles", "clusterroles"], ["create", "escalate"]));
    await access.grant("bob", write(["rolebindings", "clusterroles"], ["create", "bind"]));
    await access.grant("eve", write(["clusterroles"], ["create"]));
    t.equal((await access.as("ann")("POST", roles, { body: role(["*"], ["*"], ["*"]) })).code, 201);
    t.equal((await access.as("bob")("POST", bindings, { body: binding("cluster-admin") })).code, 201);
    t.equal((await access.as("bob")("POST", bindings, { body: binding("r", "Role") })).code, 403);
    const gathering = { metadata: { name: "g" }, aggregationRule: { clusterRoleSelectors: [{}] } };
    t.equal((await access.as("eve")("POST", `${rbac}/clusterroles`, { body: gathering })).code, 403);
    t.equal((await access.as("ann")("POST", `${rbac}/clusterroles`, { body: gathering })).code, 201);
  },
);

t.test("what is wrong with a role is told before what it would give", async (t) => {
  await using access = await startAccess(["ann"]);
  await access.bind("ann", "admin", "a");
  const body = { metadata: { name: "x" }, rules: [{ verbs: "all" }] };
  t.match((await access.as("ann")("POST", roles, { body })).json, { code: 422 });
});
