import t from "tap";
import { HostKind } from "../../schema/host.ts";
import { NodeKind } from "../../schema/node.ts";
import { PodKind } from "../../schema/pod.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { type ApiFixture, machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { fails } from "../../testing/fails.ts";
import { hostObject } from "../../testing/session-fixture.ts";
import { WatchProbe } from "../../testing/watch-probe.ts";
import { ProjectedStore } from "./projected-store.ts";
import { projectionsWith } from "./projections.ts";

const podsPath = "/api/v1/namespaces/default/pods";
const place = (name: string, hostName: string) => async (api: ApiFixture) => {
  const vm = await api.store.get(VirtualMachineKind, { namespace: "default", name });
  if (vm === undefined) throw new Error(`no machine ${name}`);
  const status = { ...vm.status, hostName, printableStatus: "Running" as const };
  return api.store.updateStatus(VirtualMachineKind, { ...vm, status });
};

async function setUp() {
  const api = await startApi({ podFacade: true });
  for (const name of ["web", "db", "mail"]) {
    const labels = { app: name };
    await api.call("POST", machinesPath, { body: { ...smallMachine, metadata: { name, labels } } });
  }
  await place("web", "h1")(api);
  await place("db", "h2")(api);
  return api;
}

t.test("lists and pages have the revisions of what they show, and selectors see what is shown", async (t) => {
  await using api = await setUp();
  const machines = (await api.call("GET", machinesPath)).json;
  const pods = (await api.call("GET", podsPath)).json;
  t.match(pods, { kind: "PodList", apiVersion: "v1", items: [{ kind: "Pod" }, { kind: "Pod" }, {}] });
  t.match(pods, { metadata: { resourceVersion: machinesRevision(machines) } });
  const names = async (query: string) =>
    itemsOf((await api.call("GET", `${podsPath}?${query}`)).json).map(({ metadata }) => metadata.name);
  t.same(await names("labelSelector=app=web"), ["web"]);
  t.same(await names("fieldSelector=spec.nodeName=h2"), ["db"]);
  t.same(await names("fieldSelector=spec.nodeName="), ["mail"]);
  t.same(await names("fieldSelector=status.phase!=Pending"), []);
  t.same(await names("fieldSelector=status.phase=Pending,spec.nodeName=h1"), ["web"]);
  t.same(await names("limit=2"), ["db", "mail"]);
  const page = (await api.call("GET", `${podsPath}?limit=2`)).json;
  t.same(await names(`limit=2&continue=${encodeURIComponent(continueOf(page))}`), ["web"]);
});

t.test("one that did not change is the same object, and its text is made once", async (t) => {
  await using api = await setUp();
  const store = new ProjectedStore(api.store, projectionsWith(undefined));
  const key = { namespace: "default", name: "web" };
  const pod = await store.get(PodKind, key);
  t.equal(await store.get(PodKind, key), pod);
  t.equal(
    (await store.list(PodKind)).items.find(({ metadata }) => metadata.name === "web"),
    pod,
  );
  t.same(pod && JSON.parse(store.encoded(pod)), pod);
  const vm = await store.get(VirtualMachineKind, key);
  t.equal(vm && store.encoded(vm), vm && api.store.encoded(vm), "what is stored is passed through");
  t.equal(await store.get(PodKind, { namespace: "default", name: "none" }), undefined);
});

t.test("a watch tells of each change of the source, under its revision, to the deletion", async (t) => {
  await using api = await setUp();
  const store = new ProjectedStore(api.store, projectionsWith(undefined));
  const { resourceVersion } = await store.list(PodKind);
  const probe = new WatchProbe((signal) => store.watch(PodKind, { since: resourceVersion, signal }));
  const placed = await place("mail", "h3")(api);
  await api.store.create(HostKind, hostObject("h9"));
  await api.call("DELETE", `${machinesPath}/mail`);
  const stored = await api.store.get(VirtualMachineKind, { namespace: "default", name: "mail" });
  if (stored === undefined) throw new Error("its finalizer keeps it");
  await api.store.update(VirtualMachineKind, { ...stored, metadata: { ...stored.metadata, finalizers: [] } });
  while (probe.events.length < 3) await new Promise((resolve) => setImmediate(resolve));
  t.match(probe.events, [
    {
      type: "MODIFIED",
      object: {
        kind: "Pod",
        metadata: { name: "mail", resourceVersion: placed.metadata.resourceVersion },
        spec: { nodeName: "h3" },
      },
    },
    { type: "MODIFIED", object: { kind: "Pod", metadata: { deletionTimestamp: String } } },
    { type: "DELETED", object: { kind: "Pod", metadata: { name: "mail" } } },
  ]);
  probe.stop();
});

t.test("nothing can be written but a cordon, and who tries is told where", async (t) => {
  await using api = await setUp();
  const store = new ProjectedStore(api.store, projectionsWith(undefined));
  const pod = await store.get(PodKind, { namespace: "default", name: "web" });
  if (pod === undefined) throw new Error("there is one");
  await fails(t, store.create(PodKind, pod), "MethodNotAllowed");
  await fails(t, store.update(PodKind, pod), "MethodNotAllowed");
  await fails(t, store.updateStatus(PodKind, pod), "MethodNotAllowed");
  await fails(t, store.delete(PodKind, { namespace: "default", name: "web" }), "MethodNotAllowed");
  t.match((await api.call("DELETE", `${podsPath}/web`)).json, { code: 405 });
  t.match((await api.call("POST", podsPath, { body: pod })).json, { code: 405 });
  await store.create(HostKind, hostObject("h1"));
  const node = await store.get(NodeKind, { name: "h1" });
  if (node === undefined) throw new Error("there is one");
  const wanted = { ...node, spec: { ...node.spec, unschedulable: true } };
  const tried = await store.update(NodeKind, wanted, { dryRun: true });
  t.match(tried, { spec: { unschedulable: true } });
  t.match(await store.get(HostKind, { name: "h1" }), { spec: { unschedulable: false } }, "only tried");
  t.match(await store.update(NodeKind, wanted), { kind: "Node", spec: { unschedulable: true } });
  t.match(await store.get(HostKind, { name: "h1" }), { spec: { unschedulable: true } });
  await fails(t, store.update(NodeKind, wanted), "Conflict", "the revision is old");
});

t.test("kubectl cordon and uncordon are patches of a node", async (t) => {
  await using api = await setUp();
  await api.store.create(HostKind, hostObject("h1"));
  const patch = (body: unknown, type = "strategic-merge-patch") =>
    api.call("PATCH", "/api/v1/nodes/h1", { body, headers: { "content-type": `application/${type}+json` } });
  t.match((await patch({ spec: { unschedulable: true } })).json, { spec: { unschedulable: true } });
  t.match(await api.store.get(HostKind, { name: "h1" }), { spec: { unschedulable: true } });
  t.match((await patch({ spec: { unschedulable: null } }, "merge-patch")).code, 200);
  t.match(await api.store.get(HostKind, { name: "h1" }), { spec: { unschedulable: false } });
  t.match((await patch({ metadata: { labels: { a: "b" } } })).json, {
    code: 422,
    message: /change host "h1"/,
  });
});

t.test("without the facade there are no pods and no nodes", async (t) => {
  await using api = await startApi();
  t.equal((await api.call("GET", podsPath)).code, 404);
  t.equal((await api.call("GET", "/api/v1/nodes")).code, 404);
});

interface Listed {
  readonly metadata: { readonly name: string };
}

function itemsOf(list: unknown): readonly Listed[] {
  return typeof list === "object" && list !== null && "items" in list && Array.isArray(list.items)
    ? list.items
    : [];
}

function metadataOf(list: unknown): { readonly continue?: unknown; readonly resourceVersion?: unknown } {
  return typeof list === "object" && list !== null && "metadata" in list && typeof list.metadata === "object"
    ? { ...list.metadata }
    : {};
}

const continueOf = (list: unknown): string => String(metadataOf(list).continue);
const machinesRevision = (list: unknown): string => String(metadataOf(list).resourceVersion);

t.test("what is measured is measured once for a list, and told of those that were", async (t) => {
  let times = 0;
  const podFacade = true;
  const guests = new Map<string, { cpus: number; memoryBytes: number }>();
  const measure = async () => {
    times += 1;
    return [{ hostName: "h1", endedAt: 0, windowMs: 1000, guests }];
  };
  await using api = await startApi({ podFacade, usage: { measure } });
  for (const name of ["web", "db"]) {
    await api.call("POST", machinesPath, { body: { ...smallMachine, metadata: { name } } });
    const placed = await place(name, "h1")(api);
    if (name === "web") guests.set(placed.metadata.uid ?? "", { cpus: 1, memoryBytes: 1024 });
  }
  const path = "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods";
  const list = (await api.call("GET", path)).json;
  t.match(list, { kind: "PodMetricsList" });
  t.same(
    itemsOf(list).map(({ metadata }) => metadata.name),
    ["web"],
  );
  t.equal(times, 1);
  t.match((await api.call("GET", `${path}/web`)).json, { containers: [{ usage: { memory: "1Ki" } }] });
  t.equal((await api.call("GET", `${path}/db`)).code, 404);
  t.equal((await api.call("GET", `${path}?watch=true`)).code, 405);
  t.equal((await api.call("GET", "/apis/metrics.k8s.io/v1beta1/nodes")).code, 200);
});
