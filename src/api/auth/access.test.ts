import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { silentLogger } from "../../runtime/logger.ts";
import { startAccess } from "../../testing/access-fixture.ts";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { Access } from "./access.ts";

const inA = "/apis/ostler.dev/v1/namespaces/a/virtualmachines";
const inB = "/apis/ostler.dev/v1/namespaces/b/virtualmachines";
const machine = (namespace: string) => ({ ...smallMachine, metadata: { name: "web", namespace } });
const rbac = "rbac.authorization.k8s.io";
const bindings = `/apis/${rbac}/v1/namespaces/a/rolebindings`;

t.test("who has no role is told so in Kubernetes' words, also of what is not there", async (t) => {
  await using access = await startAccess(["ann"]);
  const ann = access.as("ann");
  const cases = [
    [
      "GET",
      `${inA}/web`,
      'virtualmachines.ostler.dev "web" is forbidden: User "ann"' +
        ' cannot get resource "virtualmachines" in API group "ostler.dev" in the namespace "a"',
    ],
    [
      "GET",
      inA,
      'virtualmachines.ostler.dev is forbidden: User "ann"' +
        ' cannot list resource "virtualmachines" in API group "ostler.dev" in the namespace "a"',
    ],
    [
      "GET",
      "/apis/ostler.dev/v1/virtualmachines?watch=1",
      'virtualmachines.ostler.dev is forbidden: User "ann"' +
        ' cannot watch resource "virtualmachines" in API group "ostler.dev" at the cluster scope',
    ],
    [
      "PUT",
      `${inA}/web/start`,
      'virtualmachines.ostler.dev "web" is forbidden: User "ann"' +
        ' cannot update resource "virtualmachines/start" in API group "ostler.dev" in the namespace "a"',
    ],
    [
      "GET",
      "/api/v1/namespaces/a/secrets/x",
      'secrets "x" is forbidden: User "ann"' +
        ' cannot get resource "secrets" in API group "" in the namespace "a"',
    ],
    [
      "POST",
      "/apis/ostler.dev/v1/plan",
      'plan.ostler.dev is forbidden: User "ann"' +
        ' cannot create resource "plan" in API group "ostler.dev" at the cluster scope',
    ],
    ["GET", "/metrics", 'forbidden: User "ann" cannot get path "/metrics"'],
    ["GET", "/nothing", 'forbidden: User "ann" cannot get path "/nothing"'],
    [
      "GET",
      "/apis/none.example/v1/things/x",
      'things.none.example "x" is forbidden: User "ann"' +
        ' cannot get resource "things" in API group "none.example" at the cluster scope',
    ],
  ] as const;
  for (const [method, url, message] of cases) {
    const { json } = await ann(method, url);
    t.match(json, { kind: "Status", reason: "Forbidden", code: 403, message }, `${method} ${url}`);
  }
  t.match((await ann("DELETE", `${inA}/web`)).json, {
    details: { name: "web", group: "ostler.dev", kind: "virtualmachines" },
  });
  for (const path of ["/version", "/api", "/apis", "/apis/ostler.dev/v1", "/openapi/v3"]) {
    t.equal((await ann("GET", path)).code, 200, path);
  }
});

t.test(
  "a role that is given holds at once, where it was given, and no longer when it is taken",
  async (t) => {
    await using access = await startAccess(["ann"]);
    const ann = access.as("ann");
    const root = access.as("root+system:masters");
    const binding = {
      metadata: { name: "ann" },
      roleRef: { kind: "ClusterRole", name: "edit" },
      subjects: [{ kind: "User", name: "ann" }],
    };
    t.equal((await ann("POST", inA, { body: machine("a") })).code, 403);
    t.equal((await root("POST", bindings, { body: binding })).code, 201);
    t.equal((await ann("POST", inA, { body: machine("a") })).code, 201);
    t.equal((await ann("PUT", `${inA}/web/stop`)).code, 200);
    t.equal((await ann("POST", inB, { body: machine("b") })).code, 403);
    t.equal((await ann("GET", "/apis/ostler.dev/v1/virtualmachines")).code, 403, "not all namespaces");
    t.equal((await ann("GET", `${inA}/web/explain`)).code, 404, "allowed, and not served here");
    t.equal((await root("DELETE", `${bindings}/ann`)).code, 200);
    t.equal((await ann("GET", inA)).code, 403);
  },
);

t.test("a role by names holds for these only, in lists too", async (t) => {
  await using access = await startAccess(["ann"]);
  const ann = access.as("ann");
  const rule = { apiGroups: ["ostler.dev"], resources: ["virtualmachines"], resourceNames: ["web"] };
  await access.grant("ann", [{ ...rule, verbs: ["get", "list", "watch", "delete"] }], "default");
  await access.as("root+system:masters")("POST", machinesPath, { body: smallMachine });
  t.equal((await ann("GET", `${machinesPath}/web`)).code, 200);
  t.equal((await ann("GET", `${machinesPath}/other`)).code, 403);
  t.equal((await ann("GET", machinesPath)).code, 403);
  t.equal((await ann("GET", `${machinesPath}?fieldSelector=metadata.name%3Dweb`)).code, 200);
  t.equal((await ann("DELETE", machinesPath)).code, 403);
  t.equal((await ann("DELETE", `${machinesPath}/web?dryRun=All`)).code, 200);
});

t.test("a dry run is judged as what it tries", async (t) => {
  await using access = await startAccess(["ann"]);
  await access.bind("ann", "view", "a");
  const { code } = await access.as("ann")("POST", `${inA}?dryRun=All`, { body: machine("a") });
  t.equal(code, 403);
});

t.test("what is done is what was allowed: a path that can be read in several ways is refused", async (t) => {
  await using access = await startAccess(["ann"]);
  await access.bind("ann", "edit", "a");
  const ann = access.as("ann");
  for (const path of [
    "/apis/ostler.dev/v1/namespaces/a//virtualmachines",
    "/apis/ostler.dev/v1/namespaces/a%2f..%2fb/virtualmachines",
    "//api/v1/namespaces/a/secrets",
  ]) {
    t.equal((await ann("GET", path)).code, 400, path);
  }
  t.equal((await ann("GET", inA.replace("/a/", "/%61/"))).code, 200);
});

t.test("impersonation is allowed for each thing that is claimed, or not at all", async (t) => {
  await using access = await startAccess(["ann", "boss"]);
  await access.bind("ann", "view", "a");
  const names = (resource: string, resourceNames: string[], apiGroup = "") => ({
    verbs: ["impersonate"],
    apiGroups: [apiGroup],
    resources: [resource],
    resourceNames,
  });
  const authentication = "authentication.k8s.io";
  await access.grant("boss", [
    names("users", ["ann"]),
    names("groups", ["dev"]),
    names("uids", ["7"], authentication),
    names("userextras/scopes", ["view"], authentication),
  ]);
  const whoami = async (user: string, headers: Record<string, string>) => {
    const body = { kind: "SelfSubjectReview", apiVersion: "authentication.k8s.io/v1" };
    return access.as(user)("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", { headers, body });
  };
  const asAnn = { "impersonate-user": "ann" };
  t.match((await whoami("boss", {})).json, { status: { userInfo: { username: "boss" } } });
  t.match((await whoami("boss", { ...asAnn, "impersonate-group": "dev" })).json, {
    status: { userInfo: { username: "ann", groups: ["dev", "system:authenticated"] } },
  });
  t.match(
    (await whoami("boss", { ...asAnn, "impersonate-uid": "7", "impersonate-extra-scopes": "view" })).json,
    {
      status: { userInfo: { uid: "7", extra: { scopes: ["view"] } } },
    },
  );
  const refused = [
    [{ "impersonate-user": "root" }, /User "boss" cannot impersonate resource "users"/],
    [{ ...asAnn, "impersonate-group": "system:masters" }, /cannot impersonate resource "groups"/],
    [{ ...asAnn, "impersonate-uid": "8" }, /cannot impersonate resource "uids" in API group "authentication/],
    [{ ...asAnn, "impersonate-extra-scopes": "all" }, /cannot impersonate resource "userextras\/scopes"/],
    [{ "impersonate-user": "system:serviceaccount:a:x" }, /"serviceaccounts".*in the namespace "a"/],
  ] as const;
  for (const [headers, message] of refused)
    t.match((await whoami("boss", headers)).json, { code: 403, message });
  t.match((await whoami("boss", { "impersonate-group": "dev" })).json, { code: 400 });
  t.match((await whoami("ann", { "impersonate-user": "boss" })).json, { code: 403 });
  t.equal(
    (await access.as("boss")("GET", inA)).code,
    403,
    "who may impersonate has not yet what the other has",
  );
  t.equal((await access.as("boss")("GET", inA, { headers: asAnn })).code, 200);
  t.equal((await access.as("boss")("GET", inB, { headers: asAnn })).code, 403);
});

t.test("a role nobody has heard of is named when it stands in the way", async (t) => {
  await using access = await startAccess(["ann"]);
  await access.bind("ann", "missing", "a");
  const { json } = await access.as("ann")("GET", inA);
  t.match(json, { message: /in the namespace "a": RBAC: ClusterRole "missing" not found$/ });
});

t.test("an apply that makes an object takes what making one takes", async (t) => {
  await using access = await startAccess(["ann"]);
  const rule = { apiGroups: ["ostler.dev"], resources: ["virtualmachines"] };
  await access.grant("ann", [{ ...rule, verbs: ["get", "patch"] }], "a");
  const apply = () =>
    access.as("ann")("PATCH", `${inA}/web?fieldManager=t`, {
      body: machine("a"),
      headers: { "content-type": "application/apply-patch+yaml" },
    });
  t.match((await apply()).json, { code: 403, message: /cannot create resource "virtualmachines"/ });
  await access.grant("ann", [{ ...rule, verbs: ["create"] }], "a");
  t.equal((await apply()).code, 201);
});

t.test("roles are followed once, however often that is asked for", async (t) => {
  await using api = await startApi();
  const access = new Access({
    store: api.store,
    clock: systemClock,
    logger: silentLogger,
    authenticate: () => undefined,
  });
  const started = access.start();
  t.equal(access.start(), started);
  await started;
  access.stop();
  access.stop();
});
