import t from "tap";
import { startAccess } from "../../../testing/access-fixture.ts";
import { machinesPath, startApi } from "../../../testing/api-fixture.ts";
import { fieldOf } from "../json.ts";

const headers = { "content-type": "application/apply-patch+yaml" };
const web = `${machinesPath}/web`;
const merge = { "content-type": "application/merge-patch+json" };

async function started() {
  const api = await startApi();
  const apply = (query: string, body: string, path = web) =>
    api.call("PATCH", `${path}?fieldManager=${query}`, { body, headers });
  return { ...api, apply, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

function metadataOf(json: unknown, name: string): unknown {
  return fieldOf(fieldOf(json, "metadata"), name);
}

t.test("an apply makes what is not there; by the path of its status it does not", async (t) => {
  await using api = await started();
  t.equal((await api.apply("one", "status: {}", `${web}/status`)).code, 404);
  t.match((await api.apply("one", "metadata: {uid: x}")).json, { code: 409, reason: "Conflict" });
  const { code, json } = await api.apply("one", "metadata: {labels: {a: b}}\nspec: {cpus: 1, memory: 64Mi}");
  t.equal(code, 201);
  t.match(json, {
    metadata: { name: "web", namespace: "default", generation: 1 },
    spec: { runStrategy: "Always" },
  });
  t.match(metadataOf(json, "managedFields"), [
    {
      manager: "one",
      operation: "Apply",
      fieldsV1: { "f:metadata": { "f:labels": { "f:a": {} } }, "f:spec": { "f:cpus": {}, "f:memory": {} } },
    },
  ]);
  t.notMatch(JSON.stringify(json), "f:runStrategy", "a default belongs to nobody");
});

t.test("an apply that changes nothing writes nothing, and one by another only owners", async (t) => {
  await using api = await started();
  const body = "spec: {cpus: 1, memory: 64Mi, disks: [{name: a, size: 1Gi}]}";
  const { text } = await api.apply("one", body);
  t.equal((await api.apply("one", body)).text, text);
  const { json } = await api.apply("two", body);
  t.not(metadataOf(json, "resourceVersion"), metadataOf(JSON.parse(text), "resourceVersion"));
  t.equal(metadataOf(json, "generation"), 1);
  const before = (await api.call("GET", web)).text;
  await api.apply("two&dryRun=All", "spec: {cpus: 1, memory: 64Mi}");
  t.equal((await api.call("GET", web)).text, before, "nor does one that is only tried");
});

t.test("a conflict is told as Kubernetes tells it, and forced", async (t) => {
  await using api = await started();
  await api.apply("one", "spec: {cpus: 1, memory: 64Mi}");
  t.match((await api.apply("two", "spec: {cpus: 2}")).json, {
    code: 409,
    reason: "Conflict",
    message: 'Apply failed with 1 conflict: conflict with "one": .spec.cpus',
    details: {
      name: "web",
      group: "ostler.dev",
      kind: "virtualmachines",
      causes: [{ reason: "FieldManagerConflict", message: 'conflict with "one"', field: ".spec.cpus" }],
    },
  });
  t.match((await api.apply("two&force=true", "spec: {cpus: 2}")).json, { spec: { cpus: 2, memory: "64Mi" } });
  t.equal((await api.apply("one", "spec: {cpus: 1, memory: 64Mi}")).code, 409);
});

t.test("what was written otherwise is in conflict with whoever wrote it", async (t) => {
  await using api = await started();
  await api.apply("one", "spec: {cpus: 1, memory: 64Mi}");
  const user = { ...merge, "user-agent": "Hand/1.0 (test)" };
  await api.call("PATCH", web, { body: { spec: { cpus: 2 } }, headers: user });
  t.match((await api.apply("one", "spec: {cpus: 1, memory: 64Mi}")).json, {
    message: 'Apply failed with 1 conflict: conflict with "Hand" using ostler.dev/v1: .spec.cpus',
  });
  await api.call("PATCH", `${web}/status`, {
    body: { status: { printableStatus: "Running" } },
    headers: user,
  });
  t.match((await api.apply("one", "status: {printableStatus: Stopped}", `${web}/status`)).json, {
    message:
      'Apply failed with 1 conflict: conflict with "Hand" with subresource "status" using ostler.dev/v1: ' +
      ".status.printableStatus",
  });
});

t.test("status is applied by its own path alone", async (t) => {
  await using api = await started();
  const body = "spec: {cpus: 1, memory: 64Mi}\nstatus: {printableStatus: Running}";
  t.notHas((await api.apply("one", body)).json, { status: { printableStatus: String } });
  const { json } = await api.apply(
    "one",
    "spec: {cpus: 9}\nstatus: {printableStatus: Running}",
    `${web}/status`,
  );
  t.match(json, { spec: { cpus: 1 }, status: { printableStatus: "Running" } });
  t.match(metadataOf(json, "managedFields"), [
    { manager: "one", fieldsV1: { "f:spec": {} } },
    { manager: "one", subresource: "status", fieldsV1: { "f:status": { "f:printableStatus": {} } } },
  ]);
  t.match((await api.apply("one", "spec: {cpus: 1, memory: 64Mi}")).json, {
    status: { printableStatus: "Running" },
  });
  t.notMatch((await api.apply("one", "{}", `${web}/status`)).text, "printableStatus");
});

t.test("an apply may be bound to a version and a uid", async (t) => {
  await using api = await started();
  const { json } = await api.apply("one", "spec: {cpus: 1, memory: 64Mi}");
  const version = metadataOf(json, "resourceVersion");
  await api.call("PATCH", web, { body: { spec: { memory: "65Mi" } }, headers: merge });
  const stale = await api.apply(
    "one&force=true",
    `metadata: {resourceVersion: "${version}"}\nspec: {cpus: 2}`,
  );
  t.match(stale.json, { code: 409, message: /the object has been modified/ });
  t.equal((await api.apply("one&force=true", "metadata: {uid: other}\nspec: {cpus: 2}")).code, 409);
  t.equal(
    (await api.apply("one&force=true", `metadata: {uid: ${metadataOf(json, "uid")}}\nspec: {cpus: 2}`)).code,
    200,
  );
});

t.test("what is not valid is refused by field", async (t) => {
  await using api = await started();
  t.match((await api.apply("one", "spec: {cpus: 0, memory: 64Mi}")).json, {
    code: 422,
    details: { causes: [{ field: "spec.cpus" }] },
  });
  t.equal((await api.apply("one", "metadata: {name: other}\nspec: {}")).code, 400);
  t.equal((await api.apply("one", "kind: Host\nspec: {}")).code, 400);
  t.match((await api.call("PATCH", web, { body: "spec: {}", headers })).json, {
    code: 422,
    message:
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  });
});

t.test(
  "a field that the schema lacks within one value is dropped with a warning, if that is asked for",
  async (t) => {
    await using api = await started();
    const body = "spec: {cpus: 1, memory: 64Mi, tolerations: [{operator: Exists, nosuch: 1}]}";
    t.match((await api.apply("one", body)).json, {
      code: 400,
      message: /unknown field "spec.tolerations\[0\].nosuch"/,
    });
    const { code, headers: answered, text } = await api.apply("one&fieldValidation=Warn", body);
    t.equal(code, 201);
    t.match(answered.warning, "nosuch");
    t.notMatch(text, "nosuch");
  },
);

t.test("appliers that come at once all arrive", async (t) => {
  await using api = await started();
  const answers = await Promise.all(
    Array.from({ length: 5 }, (_, index) =>
      api.apply(`m${index}`, `metadata: {labels: {l${index}: x}}\nspec: {cpus: 1, memory: 64Mi}`),
    ),
  );
  t.same(answers.map(({ code }) => code).sort(), [200, 200, 200, 200, 201]);
  const { json } = await api.call("GET", web);
  t.same(metadataOf(json, "labels"), { l0: "x", l1: "x", l2: "x", l3: "x", l4: "x" });
});

t.test("at most 128 managers own fields of one object", async (t) => {
  await using api = await started();
  for (let index = 0; index < 128; index += 1) await api.apply(`m${index}`, "spec: {cpus: 1, memory: 64Mi}");
  t.match((await api.apply("more", "spec: {cpus: 1}")).json, { code: 422, message: /at most 128 managers/ });
  t.equal((await api.apply("m7", "spec: {cpus: 1, memory: 64Mi}")).code, 200);
});

t.test("an apply that makes an object needs the right to create one", async (t) => {
  await using access = await startAccess(["ann"]);
  const rule = { apiGroups: ["ostler.dev"], resources: ["virtualmachines"], verbs: ["get", "patch"] };
  await access.grant("ann", [rule], "default");
  const body = "spec: {cpus: 1, memory: 64Mi}";
  const apply = (user: string) =>
    access.as(user)("PATCH", `${web}?fieldManager=${user.slice(0, 3)}`, { body, headers });
  t.match((await apply("ann")).json, { code: 403, message: /cannot create resource "virtualmachines"/ });
  t.equal((await apply("root+system:masters")).code, 201);
  t.equal((await apply("ann")).code, 200);
});
