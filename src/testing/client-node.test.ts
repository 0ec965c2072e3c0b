import {
  CoreV1Api,
  CustomObjectsApi,
  type KubernetesObject,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  Watch,
} from "@kubernetes/client-node";
import t from "tap";
import { startApi } from "./api-fixture.ts";
import { kubeConfigOf } from "./client-node.ts";
import { LeaderCandidate } from "./leader-candidate.ts";
import { eventually } from "./server-process.ts";

const api = await startApi({ listen: true });
const config = await kubeConfigOf(api.kubeconfig);
t.teardown(() => api[Symbol.asyncDispose]());

const machines = { group: "ostler.dev", version: "v1", namespace: "default", plural: "virtualmachines" };
const machinesPath = "/apis/ostler.dev/v1/namespaces/default/virtualmachines";

interface Machine extends KubernetesObject {
  readonly spec?: { readonly cpus?: number; readonly disks?: readonly { readonly name: string }[] };
}

function machine(name: string, spec: object = {}) {
  const head = { apiVersion: "ostler.dev/v1", kind: "VirtualMachine" };
  return { ...head, metadata: { name, namespace: "default" }, spec: { cpus: 1, memory: "64Mi", ...spec } };
}

t.test("custom objects are made, listed, replaced and removed", async (t) => {
  const objects = config.makeApiClient(CustomObjectsApi);
  const made = await objects.createNamespacedCustomObject({ ...machines, body: machine("custom") });
  t.match(made, { metadata: { name: "custom", generation: 1 } });
  const list = await objects.listNamespacedCustomObject({ ...machines, labelSelector: "!app", limit: 1 });
  t.match(list, { kind: "VirtualMachineList", items: [{ metadata: { name: "custom" } }] });
  const replaced = await objects.replaceNamespacedCustomObject({
    ...machines,
    name: "custom",
    body: { ...made, spec: { ...made.spec, terminationGracePeriodSeconds: 5 } },
  });
  t.match(replaced, { metadata: { generation: 2 }, spec: { terminationGracePeriodSeconds: 5 } });
  const stale = objects.replaceNamespacedCustomObject({ ...machines, name: "custom", body: made });
  await t.rejects(stale, { code: 409 });
  await objects.deleteNamespacedCustomObject({ ...machines, name: "custom" });
  await t.rejects(objects.getNamespacedCustomObject({ ...machines, name: "nothing" }), { code: 404 });
});

t.test("any object is created, patched, applied and deleted without knowing its kind", async (t) => {
  const objects = KubernetesObjectApi.makeApiClient(config);
  const made: Machine = await objects.create(machine("object"));
  t.ok(made.metadata?.uid);
  const key = { ...made, metadata: { name: "object", namespace: "default" } };
  const labels = { ...key, metadata: { ...key.metadata, labels: { a: "b" } } };
  const merged = await objects.patch(labels, undefined, undefined, "me", undefined, PatchStrategy.MergePatch);
  t.match(merged, { metadata: { labels: { a: "b" } } });
  const applied: Machine = await objects.patch(
    machine("object", { disks: [{ name: "data", size: "1Gi" }] }),
    undefined,
    undefined,
    "applier",
    true,
    PatchStrategy.ServerSideApply,
  );
  t.match(applied.spec?.disks, [{ name: "data" }]);
  const { items } = await objects.list("ostler.dev/v1", "VirtualMachine", "default");
  t.ok(items.some(({ metadata }) => metadata?.name === "object"));
  await objects.delete(key);
});

t.test("the typed clients of what Kubernetes has work", async (t) => {
  const core = config.makeApiClient(CoreV1Api);
  await core.createNamespace({ body: { metadata: { name: "team" } } });
  const stringData = { password: "hunter2" };
  const namespace = "team";
  const secret = await core.createNamespacedSecret({
    namespace,
    body: { metadata: { name: "s" }, stringData },
  });
  t.strictSame(secret.data, { password: "aHVudGVyMg==" });
  const body = { metadata: { name: "c" }, data: { a: "b" }, immutable: true };
  await core.createNamespacedConfigMap({ namespace, body });
  const changed = core.replaceNamespacedConfigMap({ namespace, name: "c", body: { ...body, data: {} } });
  await t.rejects(changed, { code: 422 });
  t.equal((await core.listSecretForAllNamespaces({ fieldSelector: "type=Opaque" })).items.length, 1);
});

t.test("a watch tells what happens, and ends when it is told to", async (t) => {
  const told: string[] = [];
  const done = Promise.withResolvers<unknown>();
  const core = config.makeApiClient(CoreV1Api);
  const { metadata } = await core.listNamespacedConfigMap({ namespace: "default" });
  const request = await new Watch(config).watch(
    "/api/v1/namespaces/default/configmaps",
    { resourceVersion: metadata?.resourceVersion, allowWatchBookmarks: true },
    (type: string, object: KubernetesObject) => told.push(`${type} ${object.metadata?.name}`),
    done.resolve,
  );
  await core.createNamespacedConfigMap({ namespace: "default", body: { metadata: { name: "w" } } });
  await core.deleteNamespacedConfigMap({ namespace: "default", name: "w" });
  await eventually("both were told", async () => told.length >= 2 || undefined);
  t.strictSame(told, ["ADDED w", "DELETED w"]);
  request.abort();
  await done.promise;
});

t.test("an informer holds what there is", async (t) => {
  const objects = config.makeApiClient(CustomObjectsApi);
  const list = (): Promise<{ items: Machine[] }> => objects.listNamespacedCustomObject(machines);
  const informer = makeInformer<Machine>(config, machinesPath, list);
  await informer.start();
  await objects.createNamespacedCustomObject({ ...machines, body: machine("informed") });
  await eventually("the machine is there", async () => informer.get("informed", "default"));
  const body = [{ op: "replace", path: "/spec/cpus", value: 3 }];
  await objects.patchNamespacedCustomObject({ ...machines, name: "informed", body });
  await eventually(
    "it has changed",
    async () => informer.get("informed", "default")?.spec?.cpus === 3 || undefined,
  );
  await informer.stop();
  t.pass("seen, and seen to change");
});

t.test("of two candidates one leads, and the other when the first is gone", async (t) => {
  const leaders = new Set<string>();
  let most = 0;
  const candidate = (identity: string): LeaderCandidate =>
    new LeaderCandidate({
      config,
      identity,
      durationSeconds: 1,
      retryMs: 100,
      changed: (leads) => {
        if (leads) leaders.add(identity);
        else leaders.delete(identity);
        most = Math.max(most, leaders.size);
      },
    });
  const first = candidate("first");
  await eventually("the first leads", async () => leaders.has("first") || undefined);
  await using _second = candidate("second");
  const renewedSince = api.log.revision();
  await eventually("renewed five times", async () => api.log.revision() > renewedSince + 5 || undefined);
  t.strictSame([...leaders], ["first"]);
  await first[Symbol.asyncDispose]();
  leaders.delete("first");
  await eventually("the second leads", async () => leaders.has("second") || undefined);
  t.equal(most, 1, "never two");
  const lease = await api.call("GET", "/apis/coordination.k8s.io/v1/namespaces/default/leases/leader");
  t.match(lease.json, { spec: { holderIdentity: "second", leaseTransitions: 1 } });
  t.match(lease.text, /"renewTime":"[^"]+\.\d{6}Z"/);
});
