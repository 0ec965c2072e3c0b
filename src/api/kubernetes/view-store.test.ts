import t from "tap";
import { kinds } from "../../schema/scheme.ts";
import { ServiceKind } from "../../schema/service.ts";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { rejectsWith } from "../../testing/rejects-with.ts";
import { ViewStore } from "./view-store.ts";

const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

t.test("definitions are listed and got; there are no services", async (t) => {
  await using api = await startApi();
  t.match(await api.call("GET", path), { code: 200, json: { kind: "CustomResourceDefinitionList" } });
  const one = await api.call("GET", `${path}/hosts.ostler.dev`);
  t.match(one, { code: 200, json: { spec: { names: { kind: "Host" } } } });
  t.match(await api.call("GET", `${path}/pods`), { code: 404, json: { reason: "NotFound" } });
  const services = "/api/v1/namespaces/kube-system/services?labelSelector=a%3Db";
  t.match(await api.call("GET", services), { code: 200, json: { kind: "ServiceList", items: [] } });
});

t.test("nothing can be written", async (t) => {
  await using api = await startApi();
  for (const method of ["PUT", "PATCH", "DELETE"] as const) {
    t.match(await api.call(method, `${path}/hosts.ostler.dev`, { body: {} }), {
      code: 405,
      json: { reason: "MethodNotAllowed" },
    });
  }
  t.match(await api.call("POST", path, { body: {} }), { code: 405 });
  t.match(await api.call("DELETE", "/api/v1/namespaces/default/services"), { code: 405 });
});

t.test("a watch tells what is there and then nothing; one from before this program is expired", async (t) => {
  const clock = new ManualClock();
  await using api = await startApi({ clock });
  await api.call("POST", machinesPath, { body: smallMachine });
  const store = new ViewStore(api.store, kinds, () => 0);
  await store.list(ServiceKind);
  await rejectsWith(t, first(store, "1"), "Expired");
  const fieldSelector = "metadata.name%3Dhosts.ostler.dev";
  const watching = api.call("GET", `${path}?watch=true&timeoutSeconds=5&fieldSelector=${fieldSelector}`);
  await clock.settle();
  await api.call("DELETE", `${machinesPath}/web`);
  await clock.advance(5000);
  const { text } = await watching;
  t.equal(text.trim().split("\n").length, 1);
  t.match(text, '{"type":"ADDED","object":{"apiVersion":"apiextensions.k8s.io/v1"');
});

async function first(store: ViewStore, since: string): Promise<unknown> {
  const { signal } = new AbortController();
  for await (const event of store.watch(ServiceKind, { since, signal })) return event;
  return undefined;
}
