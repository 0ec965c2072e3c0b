import t from "tap";
import { admit } from "../../schema/admission.ts";
import type { Resource } from "../../schema/meta.ts";
import { SourceKind } from "../../schema/source.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { VirtualMachinePoolKind } from "../../schema/virtual-machine-pool.ts";
import { machinesPath, startApi } from "../../testing/api-fixture.ts";

const merge = { "content-type": "application/merge-patch+json" };
const web = `${machinesPath}/web`;
const origin = '\\"web.yaml\\" in the folder of source \\"lab\\"';
const about = (text: string) => `299 - "virtualmachine \\"web\\" ${text} ${origin}"`;
const putBack = about("is put back to what is said in");
const madeAnew = about("is made anew, with new disks, unless it is taken out of");

/** A machine that came from a folder. */
async function fixture() {
  const api = await startApi();
  const head = { apiVersion: "ostler.dev/v1", kind: "Source", metadata: { name: "lab" } };
  await api.store.create(SourceKind, admit(SourceKind, { ...head, spec: { directory: "/etc/lab" } }));
  const metadata = {
    ...{ namespace: "default", name: "web", labels: { "ostler.dev/source": "lab", app: "web" } },
    annotations: { "ostler.dev/source-path": "web.yaml" },
  };
  const machine = { apiVersion: "ostler.dev/v1", kind: "VirtualMachine", metadata };
  const spec = { cpus: 1, memory: "64Mi" };
  await api.store.create(VirtualMachineKind, admit(VirtualMachineKind, { ...machine, spec }));
  const patch = async (body: unknown, path = web) => {
    const { code, headers } = await api.call("PATCH", path, { body, headers: merge });
    if (code !== 200) throw new Error(`answered with ${code}`);
    return headers.warning;
  };
  return { api, metadata, patch };
}

t.test("who changes what a file says is told that it is put back", async (t) => {
  const { api, patch } = await fixture();
  await using _api = api;
  t.equal(await patch({ spec: { cpus: 2 } }, `${web}?dryRun=All`), putBack);
  t.equal(await patch({ spec: { cpus: 2 } }), putBack);
  t.equal(await patch({ metadata: { labels: { app: "db" } } }), putBack);
  t.equal(await patch({ metadata: { annotations: { note: "x" } } }), putBack);
});

t.test("nobody is told of what stays", async (t) => {
  const { api, patch } = await fixture();
  await using _api = api;
  t.equal(await patch({ spec: { cpus: 1 } }), undefined, "nothing changes");
  t.equal(await patch({ status: { hostName: "h1" } }, `${web}/status`), undefined);
  t.equal(await patch({ metadata: { annotations: { "ostler.dev/x": "y" } } }), undefined);
  t.equal((await api.call("PUT", `${web}/stop`)).headers.warning, undefined);
  const released = { metadata: { labels: { "ostler.dev/source": null } }, spec: { cpus: 2 } };
  t.equal(await patch(released), undefined, "it is nobody's but theirs now");
  t.equal(await patch({ spec: { cpus: 3 } }), undefined);
});

t.test("what a file may leave to others may stay", async (t) => {
  const { api, metadata, patch } = await fixture();
  await using _api = api;
  const template = { metadata: { labels: { app: "web" } }, spec: { cpus: 1, memory: "64Mi" } };
  const head = { apiVersion: "ostler.dev/v1", kind: "VirtualMachinePool", metadata };
  const spec = { selector: { matchLabels: { app: "web" } }, template };
  const pool: Resource = admit(VirtualMachinePoolKind, { ...head, spec });
  await api.store.create(VirtualMachinePoolKind, admit(VirtualMachinePoolKind, pool));
  const path = "/apis/ostler.dev/v1/namespaces/default/virtualmachinepools/web";
  t.equal(await patch({ spec: { replicas: 3 } }, path), undefined);
  t.match(await patch({ spec: { replicas: 3, minReadySeconds: 5 } }, path), "is put back");
});

t.test("who deletes what a file says is told that it comes again", async (t) => {
  const { api } = await fixture();
  await using _api = api;
  t.equal((await api.call("DELETE", `${web}?dryRun=All`)).headers.warning, madeAnew);
  t.equal((await api.call("DELETE", web)).headers.warning, madeAnew);
  t.equal((await api.call("DELETE", web)).headers.warning, undefined, "it was being deleted already");
});

t.test("a folder that nobody looks at any more brings nothing back", async (t) => {
  const { api, patch } = await fixture();
  await using _api = api;
  await api.store.delete(SourceKind, { name: "lab" });
  t.equal(await patch({ spec: { cpus: 2 } }), undefined);
  t.equal((await api.call("DELETE", web)).headers.warning, undefined);
});
