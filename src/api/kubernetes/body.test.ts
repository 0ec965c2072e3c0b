import t from "tap";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";

const api = await startApi();
t.teardown(() => api[Symbol.asyncDispose]());

const tryIt = `${machinesPath}?dryRun=All`;

t.test("unknown fields are errors that say what was meant, unless the client asks for less", async (t) => {
  const body = { ...smallMachine, spec: { ...smallMachine.spec, cpu: 1 }, extra: 1 };
  const strict = await api.call("POST", tryIt, { body });
  t.match(strict.json, {
    reason: "BadRequest",
    message: 'strict decoding error: unknown field "spec.cpu" (did you mean "cpus"?), unknown field "extra"',
    details: { causes: [{ field: "spec.cpu" }, { field: "extra" }] },
  });
  const warned = await api.call("POST", `${tryIt}&fieldValidation=Warn`, { body });
  t.equal(warned.code, 201);
  t.match(warned.headers.warning, '299 - "unknown field \\"spec.cpu\\"');
  t.notMatch(warned.text, '"extra"');
  const ignored = await api.call("POST", `${tryIt}&fieldValidation=Ignore`, { body });
  t.equal(ignored.code, 201);
  t.equal(ignored.headers.warning, undefined);
  t.equal((await api.call("POST", `${tryIt}&fieldValidation=Maybe`, { body })).code, 400);
});

t.test("what the path says need not be said again, but must not be contradicted", async (t) => {
  const { spec } = smallMachine;
  const short = await api.call("POST", tryIt, { body: { metadata: { name: "web" }, spec } });
  t.match(short.json, {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { namespace: "default" },
  });
  for (const other of [
    { ...smallMachine, kind: "Host" },
    { ...smallMachine, apiVersion: "v1" },
    { ...smallMachine, metadata: { name: "web", namespace: "other" } },
    { ...smallMachine, metadata: undefined },
    { ...smallMachine, metadata: { name: 5 } },
    { ...smallMachine, metadata: {} },
  ]) {
    const { code, json } = await api.call("POST", tryIt, { body: other });
    t.equal(code, 400, JSON.stringify(other));
    t.match(json, { kind: "Status", reason: "BadRequest" });
  }
});

t.test("metadata of the wrong shape is refused, never a crash", async (t) => {
  for (const metadata of [
    { finalizers: 5 },
    { finalizers: {} },
    { labels: [] },
    { labels: null },
    { annotations: "x" },
    { ownerReferences: "x" },
    { generation: 1.5 },
    { namespace: 5 },
  ]) {
    const body = { ...smallMachine, metadata: { ...smallMachine.metadata, ...metadata } };
    const { code } = await api.call("POST", tryIt, { body });
    t.equal(code, 400, JSON.stringify(metadata));
  }
});

t.test("an invalid object is told with its kind, its name and every cause", async (t) => {
  const body = { ...smallMachine, spec: { cpus: 0, memory: "x" } };
  t.match((await api.call("POST", tryIt, { body })).json, {
    reason: "Invalid",
    code: 422,
    details: {
      name: "web",
      kind: "VirtualMachine",
      causes: [{ field: "spec.cpus" }, { field: "spec.memory" }],
    },
  });
});

t.test("a body may be YAML: one document, and nothing that JSON could not say", async (t) => {
  const headers = { "content-type": "application/yaml" };
  const post = (body: string) => api.call("POST", tryIt, { body, headers });
  const machine = "metadata: {name: yaml}\nspec:\n  cpus: 1\n  memory: 64Mi\n";
  t.match(await post(machine), { code: 201, json: { metadata: { name: "yaml" } } });
  t.match((await post(`${machine}---\n${machine}`)).json, { message: /one YAML document/ });
  t.match((await post("")).json, { code: 400 });
  t.match((await post("metadata: [")).json, { code: 400, message: /not valid YAML: / });
  t.match((await post("metadata: {__proto__: {a: 1}}")).json, { code: 400 });
});

t.test("what clients in Go leave empty is not there; in kinds of our own it is a mistake", async (t) => {
  const rules = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
  const status = { resourceRules: null, nonResourceRules: null, incomplete: false };
  const review = { metadata: { creationTimestamp: null }, spec: { namespace: "default" }, status };
  t.match((await api.call("POST", rules, { body: review })).json, { status: { resourceRules: [{}] } });
  const path = "/api/v1/namespaces/default/configmaps?dryRun=All";
  const body = { metadata: { name: "a", labels: null }, data: null, binaryData: { a: null } };
  const made = await api.call("POST", path, { body });
  t.equal(made.code, 201);
  t.notMatch(made.text, "null");
  const machine = { ...smallMachine, spec: { ...smallMachine.spec, cpus: null } };
  t.match((await api.call("POST", tryIt, { body: machine })).json, { code: 422, message: /spec.cpus/ });
});
