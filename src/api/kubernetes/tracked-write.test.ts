import t from "tap";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { poolManifest } from "../../testing/pool-fixture.ts";
import { fieldOf } from "./json.ts";

const merge = { "content-type": "application/merge-patch+json", "user-agent": "hand/1" };
const web = `${machinesPath}/web`;

async function started() {
  const api = await startApi({ clock: new ManualClock() });
  await api.call("POST", `${machinesPath}?fieldManager=maker`, { body: smallMachine });
  return api;
}

function managedFieldsOf(json: unknown): unknown {
  return fieldOf(fieldOf(json, "metadata"), "managedFields");
}

t.test("every write through the API is recorded: who, by which path, and what", async (t) => {
  await using api = await started();
  await api.call("PATCH", web, { body: { spec: { cpus: 2 } }, headers: merge });
  const status = { status: { printableStatus: "Running" } };
  await api.call("PATCH", `${web}/status?fieldManager=other`, { body: status, headers: merge });
  t.match(managedFieldsOf((await api.call("GET", web)).json), [
    { manager: "hand", operation: "Update", fieldsV1: { "f:spec": { "f:cpus": {} } } },
    { manager: "maker", operation: "Update", fieldsV1: { "f:metadata": {}, "f:spec": { "f:memory": {} } } },
    { manager: "other", subresource: "status", fieldsV1: { "f:status": { "f:printableStatus": {} } } },
  ]);
});

t.test("a write that changes nothing is not recorded, and one that is only tried neither", async (t) => {
  await using api = await started();
  const before = (await api.call("GET", web)).text;
  await api.call("PATCH", web, { body: { spec: { cpus: 1 } }, headers: merge });
  await api.call("PUT", web, { body: smallMachine, headers: { "user-agent": "other" } });
  const tried = await api.call("PATCH", `${web}?dryRun=All`, { body: { spec: { cpus: 2 } }, headers: merge });
  t.match(managedFieldsOf(tried.json), [{ manager: "hand" }, { manager: "maker" }]);
  t.equal((await api.call("GET", web)).text, before);
});

t.test("a client may clear the record, and what a manifest says of it is not taken for one", async (t) => {
  await using api = await started();
  const patch = (managedFields: unknown) =>
    api.call("PATCH", web, { body: { metadata: { managedFields } }, headers: merge });
  t.match(managedFieldsOf((await patch([])).json), [{ manager: "maker" }]);
  t.equal(managedFieldsOf((await patch([{}])).json), undefined);
  const managedFields = [{ manager: "forged", operation: "Update" }];
  const body = { ...smallMachine, metadata: { name: "other", managedFields } };
  const created = await api.call("POST", machinesPath, { body, headers: { "user-agent": "me/1" } });
  t.match(managedFieldsOf(created.json), [{ manager: "me" }]);
});

t.test("the controller's own writes keep the record as it is", async (t) => {
  await using api = await started();
  const machine = await api.store.get(VirtualMachineKind, { namespace: "default", name: "web" });
  if (machine === undefined) throw new Error("there is no machine");
  const told = await api.store.updateStatus(VirtualMachineKind, {
    ...machine,
    status: { printableStatus: "Running" },
  });
  t.equal(told.metadata.managedFields?.length, 1);
  t.same(told.metadata.managedFields, machine.metadata.managedFields);
});

t.test("who scales owns the number, by the path of the scale", async (t) => {
  await using api = await started();
  const pools = "/apis/ostler.dev/v1/namespaces/default/virtualmachinepools";
  await api.call("POST", `${pools}?fieldManager=maker`, { body: poolManifest("web") });
  await api.call("PATCH", `${pools}/web/scale`, { body: { spec: { replicas: 7 } }, headers: merge });
  const { json } = await api.call("GET", `${pools}/web`);
  const fieldsV1 = { "f:spec": { "f:replicas": {} } };
  t.match(managedFieldsOf(json), [{ manager: "hand", subresource: "scale", fieldsV1 }, { manager: "maker" }]);
});
