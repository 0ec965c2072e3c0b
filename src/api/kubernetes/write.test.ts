import t from "tap";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { fieldOf } from "./json.ts";

const merge = { "content-type": "application/merge-patch+json" };
const web = `${machinesPath}/web`;

async function started() {
  const api = await startApi();
  await api.call("POST", machinesPath, { body: smallMachine });
  return api;
}

function version(json: unknown): unknown {
  return fieldOf(fieldOf(json, "metadata"), "resourceVersion");
}

t.test("creating twice is a conflict in Kubernetes' words", async (t) => {
  await using api = await started();
  const { code, json } = await api.call("POST", machinesPath, { body: smallMachine });
  t.equal(code, 409);
  t.match(json, {
    reason: "AlreadyExists",
    message: 'virtualmachines.ostler.dev "web" already exists',
    details: { name: "web" },
  });
});

t.test("a name is made from generateName, and a namespace must be there", async (t) => {
  await using api = await started();
  const body = { ...smallMachine, metadata: { generateName: "web-" } };
  t.match((await api.call("POST", machinesPath, { body })).json, { metadata: { name: /^web-.{5}$/ } });
  const other = "/apis/ostler.dev/v1/namespaces/other/virtualmachines";
  t.match((await api.call("POST", other, { body })).json, {
    code: 404,
    message: 'namespaces "other" not found',
  });
  t.equal((await api.call("POST", "/apis/ostler.dev/v1/virtualmachines", { body })).code, 400);
});

t.test("a dry run answers as if, and writes nothing", async (t) => {
  await using api = await started();
  const before = (await api.call("GET", web)).text;
  const other = { ...smallMachine, metadata: { name: "other" } };
  const created = await api.call("POST", `${machinesPath}?dryRun=All`, { body: other });
  t.equal(created.code, 201);
  t.equal(version(created.json), undefined);
  const headers = merge;
  const patched = await api.call("PATCH", `${web}?dryRun=All`, { body: { spec: { cpus: 4 } }, headers });
  t.match(patched.json, { spec: { cpus: 4 } });
  await api.call("PUT", `${web}/stop?dryRun=All`);
  await api.call("DELETE", `${web}?dryRun=All`);
  await api.call("DELETE", web, { body: { dryRun: ["All"] } });
  t.equal((await api.call("GET", web)).text, before);
  t.equal((await api.call("GET", `${machinesPath}/other`)).code, 404);
  t.equal((await api.call("POST", `${machinesPath}?dryRun=Some`, { body: other })).code, 400);
  t.equal((await api.call("DELETE", web, { body: { dryRun: "All" } })).code, 400);
});

t.test("a stale update is a conflict in Kubernetes' words", async (t) => {
  await using api = await started();
  const { json } = await api.call("GET", web);
  await api.call("PATCH", web, { body: { spec: { cpus: 2 } }, headers: merge });
  t.match((await api.call("PUT", web, { body: json })).json, {
    code: 409,
    reason: "Conflict",
    message:
      'Operation cannot be fulfilled on virtualmachines.ostler.dev "web": the object has been modified; ' +
      "please apply your changes to the latest version and try again",
  });
  const stale = { metadata: { resourceVersion: version(json) }, spec: { cpus: 3 } };
  t.equal((await api.call("PATCH", web, { body: stale, headers: merge })).code, 409);
  t.equal(
    (await api.call("PUT", web, { body: smallMachine })).code,
    200,
    "without a version it is unconditional",
  );
});

t.test("a write that changes nothing leaves the version", async (t) => {
  await using api = await started();
  const before = await api.call("GET", web);
  const headers = merge;
  t.equal((await api.call("PATCH", web, { body: { spec: { cpus: 1 } }, headers })).text, before.text);
  t.equal((await api.call("PUT", web, { body: before.json })).text, before.text);
});

t.test("concurrent patches all arrive", async (t) => {
  await using api = await started();
  const answers = await Promise.all(
    Array.from({ length: 5 }, (_, index) =>
      api.call("PATCH", web, { body: { metadata: { labels: { [`l${index}`]: "x" } } }, headers: merge }),
    ),
  );
  t.same(
    answers.map(({ code }) => code),
    [200, 200, 200, 200, 200],
  );
  const { json } = await api.call("GET", web);
  t.same(fieldOf(fieldOf(json, "metadata"), "labels"), {
    app: "web",
    l0: "x",
    l1: "x",
    l2: "x",
    l3: "x",
    l4: "x",
  });
});

t.test("JSON patches apply, and one whose test fails is invalid", async (t) => {
  await using api = await started();
  const headers = { "content-type": "application/json-patch+json" };
  const replace = { op: "replace", path: "/spec/cpus", value: 2 };
  t.match((await api.call("PATCH", web, { body: [replace], headers })).json, { spec: { cpus: 2 } });
  const failing = [{ op: "test", path: "/spec/cpus", value: 9 }, replace];
  t.match((await api.call("PATCH", web, { body: failing, headers })).json, { code: 422, reason: "Invalid" });
  const renaming = [{ op: "replace", path: "/metadata/name", value: "other" }];
  t.equal((await api.call("PATCH", web, { body: renaming, headers })).code, 400);
});

t.test("patches of other types are refused with the types there are", async (t) => {
  await using api = await started();
  for (const type of ["application/apply-patch+cbor", "application/json", "application/yaml"]) {
    const { json } = await api.call("PATCH", web, { body: {}, headers: { "content-type": type } });
    t.match(json, { code: 415, message: /strategic-merge-patch.json, application.apply-patch.yaml$/ }, type);
  }
  const strategic = { "content-type": "application/strategic-merge-patch+json" };
  const body = { metadata: { labels: { a: "b" } } };
  t.equal((await api.call("PATCH", "/api/v1/namespaces/default", { body, headers: strategic })).code, 200);
});

t.test("status is written by its own path alone", async (t) => {
  await using api = await started();
  const status = { printableStatus: "Running" };
  const main = await api.call("PATCH", web, { body: { status }, headers: merge });
  t.strictSame(fieldOf(main.json, "status"), { observedGeneration: -1 });
  const body = { status, spec: { cpus: 9 } };
  const written = await api.call("PATCH", `${web}/status`, { body, headers: merge });
  t.match(written.json, { status, spec: { cpus: 1 }, metadata: { generation: 1 } });
  const put = { ...smallMachine, status: { printableStatus: "Stopped" } };
  t.match((await api.call("PUT", `${web}/status`, { body: put })).json, {
    status: { printableStatus: "Stopped" },
  });
});

t.test("a machine is started, stopped and restarted by whoever asks", async (t) => {
  await using api = await started();
  const stopped = await api.call("PUT", `${web}/stop`);
  t.match(stopped.json, {
    status: { runOverride: { action: "Stop", requestedBy: "admin", runStrategy: "Always" } },
  });
  t.equal((await api.call("PUT", `${web}/restart`)).code, 409);
  const again = await api.call("PUT", `${web}/stop`);
  t.equal(version(again.json), version(stopped.json), "asking again writes nothing");
  t.notMatch((await api.call("PUT", `${web}/start`, { body: {} })).text, "runOverride");
  t.match((await api.call("PUT", `${web}/restart`)).json, {
    status: { restartRequest: { requestedBy: "admin" } },
  });
  t.equal((await api.call("PUT", `${machinesPath}/nope/start`)).code, 404);
  t.equal((await api.call("PATCH", `${web}/start`, { body: {}, headers: merge })).code, 405);
});
