import t from "tap";
import { startAccess } from "../../testing/access-fixture.ts";

const authorization = "/apis/authorization.k8s.io/v1";
const deed = { verb: "get", group: "ostler.dev", resource: "virtualmachines", namespace: "a" };

t.test("anybody may ask what they may do themselves", async (t) => {
  await using access = await startAccess(["ann"]);
  await access.bind("ann", "view", "a");
  const ask = async (spec: object) => {
    const body = { metadata: {}, spec, status: { allowed: false } };
    return access.as("ann")("POST", `${authorization}/selfsubjectaccessreviews`, { body });
  };
  const cases = [
    [{ resourceAttributes: deed }, true],
    [{ resourceAttributes: { ...deed, verb: "delete" } }, false],
    [{ resourceAttributes: { ...deed, namespace: "b" } }, false],
    [{ resourceAttributes: { ...deed, subresource: "start", verb: "update" } }, false],
    [{ resourceAttributes: { ...deed, name: "x" } }, true],
    [{ nonResourceAttributes: { path: "/version", verb: "get" } }, true],
    [{ nonResourceAttributes: { path: "/metrics", verb: "get" } }, false],
  ] as const;
  for (const [spec, allowed] of cases) {
    const { code, json } = await ask(spec);
    t.equal(code, 201);
    t.match(json, { kind: "SelfSubjectAccessReview", spec, status: { allowed } }, JSON.stringify(spec));
  }
  t.match((await ask({ resourceAttributes: deed })).json, {
    status: { reason: /^RBAC: allowed by RoleBinding "binding-1\/a" of ClusterRole "view" to User "ann"$/ },
  });
  t.equal((await ask({})).code, 422);
  t.equal(
    (await ask({ resourceAttributes: deed, nonResourceAttributes: { path: "/", verb: "get" } })).code,
    422,
  );
});

t.test("what others may do is for those to ask who may", async (t) => {
  await using access = await startAccess(["ann", "bob"]);
  await access.bind("ann", "admin", "a");
  await access.bind("bob", "view", "a");
  const body = { metadata: {}, spec: { resourceAttributes: deed, user: "bob" } };
  t.equal((await access.as("ann")("POST", `${authorization}/subjectaccessreviews`, { body })).code, 403);
  const local = `${authorization}/namespaces/a/localsubjectaccessreviews`;
  t.match((await access.as("ann")("POST", local, { body })).json, { status: { allowed: true } });
  const elsewhere = { ...body, spec: { ...body.spec, resourceAttributes: { ...deed, namespace: "b" } } };
  t.equal((await access.as("ann")("POST", local, { body: elsewhere })).code, 422);
  t.equal((await access.as("bob")("POST", local, { body })).code, 403);
  const root = access.as("root+system:masters");
  const groups = { metadata: {}, spec: { resourceAttributes: deed, groups: ["system:masters"] } };
  t.match((await root("POST", `${authorization}/subjectaccessreviews`, { body: groups })).json, {
    status: { allowed: true },
  });
  const nobody = { metadata: {}, spec: { resourceAttributes: deed } };
  t.equal((await root("POST", `${authorization}/subjectaccessreviews`, { body: nobody })).code, 422);
});

t.test("all that somebody may do is listed, and who they are", async (t) => {
  await using access = await startAccess(["ann"]);
  await access.bind("ann", "view", "a");
  const rules = async (namespace: string) =>
    access.as("ann")("POST", `${authorization}/selfsubjectrulesreviews`, { body: { spec: { namespace } } });
  const { json } = await rules("a");
  t.match(json, { status: { incomplete: false } });
  t.match(JSON.stringify(json), /"virtualmachines"/);
  t.match(JSON.stringify(json), /"nonResourceURLs":\["\/api"/);
  t.notMatch(JSON.stringify((await rules("b")).json), /"virtualmachines"/);
  const me = await access.as("ann")("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    body: {},
  });
  t.match(me.json, { status: { userInfo: { username: "ann", groups: ["system:authenticated"] } } });
});

t.test("a question can only be asked", async (t) => {
  await using access = await startAccess([]);
  const root = access.as("root+system:masters");
  const path = `${authorization}/selfsubjectaccessreviews`;
  for (const method of ["GET", "DELETE"] as const) t.equal((await root(method, path)).code, 405, method);
  t.equal((await root("PUT", `${path}/x`, { body: {} })).code, 405);
  t.equal((await root("POST", path, { body: { spec: { unknown: 1 } } })).code, 400);
  t.equal((await root("POST", path, { body: { spec: { resourceAttributes: { verb: 1 } } } })).code, 422);
});
