import t from "tap";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { fieldOf } from "./json.ts";

const hosts = "/apis/ostler.dev/v1/hosts";
const host = { metadata: { name: "h1", labels: { rack: "a" } }, spec: { uri: "test:///default" } };

t.test("what is gone at once is a success with the uid; what finalizers hold is the object", async (t) => {
  await using api = await startApi();
  const created = await api.call("POST", hosts, { body: host });
  const uid = fieldOf(fieldOf(created.json, "metadata"), "uid");
  t.match((await api.call("DELETE", `${hosts}/h1`)).json, {
    kind: "Status",
    status: "Success",
    details: { name: "h1", kind: "hosts", uid },
  });
  t.equal((await api.call("DELETE", `${hosts}/h1`)).code, 404);
  await api.call("POST", machinesPath, { body: smallMachine });
  const held = await api.call("DELETE", `${machinesPath}/web`, { body: { propagationPolicy: "Background" } });
  t.match(held.json, { kind: "VirtualMachine", metadata: { deletionTimestamp: String } });
});

t.test("preconditions protect another object of the same name", async (t) => {
  await using api = await startApi();
  await api.call("POST", hosts, { body: host });
  for (const preconditions of [{ uid: "other" }, { resourceVersion: "1" }]) {
    const { json } = await api.call("DELETE", `${hosts}/h1`, { body: { preconditions } });
    t.match(json, { code: 409, reason: "Conflict" });
  }
  t.equal((await api.call("DELETE", `${hosts}/h1`, { body: { preconditions: { uid: 5 } } })).code, 400);
  t.equal((await api.call("GET", `${hosts}/h1`)).code, 200);
});

t.test("a collection is deleted as far as it is selected", async (t) => {
  await using api = await startApi();
  for (const [name, rack] of [
    ["h1", "a"],
    ["h2", "b"],
    ["h3", "a"],
  ]) {
    await api.call("POST", hosts, { body: { ...host, metadata: { name, labels: { rack } } } });
  }
  const deleted = await api.call("DELETE", `${hosts}?labelSelector=rack%3Da`);
  t.match(deleted.json, {
    kind: "HostList",
    items: [{ metadata: { name: "h1" } }, { metadata: { name: "h3" } }],
  });
  t.match((await api.call("GET", hosts)).json, { items: [{ metadata: { name: "h2" } }] });
});
