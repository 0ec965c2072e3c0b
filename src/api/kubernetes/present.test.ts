import t from "tap";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { ManualClock } from "../../testing/manual-clock.ts";

const clock = new ManualClock();
const api = await startApi({ clock });
t.teardown(() => api[Symbol.asyncDispose]());
t.before(async () => {
  await api.call("POST", machinesPath, { body: smallMachine });
  await clock.advance(125_000);
});

const table = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" };

t.test("objects and lists come as tables to those who want tables", async (t) => {
  for (const url of [machinesPath, `${machinesPath}/web`]) {
    t.match((await api.call("GET", url, { headers: table })).json, {
      kind: "Table",
      metadata: { resourceVersion: "2" },
      columnDefinitions: [{ name: "Name" }, { name: "Status" }],
      rows: [
        {
          cells: ["web", "", "", "", "", 1, "64Mi", "", "Always", "", "", "2m5s"],
          object: { kind: "PartialObjectMetadata" },
        },
      ],
    });
  }
  const whole = await api.call("GET", `${machinesPath}?includeObject=Object`, { headers: table });
  t.match(whole.json, { rows: [{ object: smallMachine }] });
  const none = await api.call("GET", `${machinesPath}?includeObject=None`, { headers: table });
  t.notMatch(none.text, '"object"');
  const bad = await api.call("GET", `${machinesPath}?includeObject=Some`, { headers: table });
  t.equal(bad.code, 400);
});

t.test("metadata alone comes to those who want no more", async (t) => {
  const accept = (kind: string) => ({ accept: `application/json;as=${kind};v=v1;g=meta.k8s.io` });
  const one = await api.call("GET", `${machinesPath}/web`, { headers: accept("PartialObjectMetadata") });
  t.match(one.json, { kind: "PartialObjectMetadata", metadata: { name: "web" } });
  const list = await api.call("GET", machinesPath, { headers: accept("PartialObjectMetadataList") });
  t.match(list.json, { kind: "PartialObjectMetadataList", items: [{ kind: "PartialObjectMetadata" }] });
  t.notMatch(list.text, '"spec"');
});

t.test("plain lists hold whole objects with their kind", async (t) => {
  t.match((await api.call("GET", machinesPath)).json, {
    kind: "VirtualMachineList",
    apiVersion: "ostler.dev/v1",
    metadata: { resourceVersion: "2" },
    items: [{ ...smallMachine, metadata: { resourceVersion: "2" } }],
  });
});

t.test("who takes no JSON gets a Status that says so", async (t) => {
  const headers = { accept: "application/vnd.kubernetes.protobuf" };
  t.match((await api.call("GET", machinesPath, { headers })).json, { kind: "Status", code: 406 });
});

t.test("who cannot be answered has nothing done for him", async (t) => {
  const body = { ...smallMachine, metadata: { name: "never" } };
  const refused = await api.call("POST", machinesPath, { body, headers: { accept: "text/html" } });
  t.match(refused.json, { kind: "Status", code: 406, message: /application\/json, application\/yaml/ });
  t.equal((await api.call("GET", `${machinesPath}/never`)).code, 404);
});

t.test("objects and lists come as YAML to those who want it, watches do not", async (t) => {
  const headers = { accept: "application/yaml" };
  const one = await api.call("GET", `${machinesPath}/web`, { headers });
  t.match(one.headers["content-type"], "application/yaml");
  t.match(one.text, /^apiVersion: "ostler.dev\/v1"\nkind: "VirtualMachine"\n/);
  t.match((await api.call("GET", machinesPath, { headers })).text, /^kind: "VirtualMachineList"\n/);
  t.match((await api.call("GET", `${machinesPath}?watch=true`, { headers })).json, { code: 406 });
});

t.test("old clients get tables and metadata under the name that they know", async (t) => {
  const accept = (as: string) => ({ accept: `application/json;as=${as};v=v1beta1;g=meta.k8s.io` });
  t.match((await api.call("GET", machinesPath, { headers: accept("Table") })).json, {
    apiVersion: "meta.k8s.io/v1beta1",
    rows: [{ object: { apiVersion: "meta.k8s.io/v1beta1" } }],
  });
  const list = await api.call("GET", machinesPath, { headers: accept("PartialObjectMetadataList") });
  t.match(list.json, { apiVersion: "meta.k8s.io/v1beta1", items: [{ apiVersion: "meta.k8s.io/v1beta1" }] });
});
