import t from "tap";
import { startAccess } from "../../testing/access-fixture.ts";
import { startApi } from "../../testing/api-fixture.ts";
import { poolManifest } from "../../testing/pool-fixture.ts";
import { fieldOf } from "./json.ts";

const pools = "/apis/ostler.dev/v1/namespaces/default/virtualmachinepools";
const path = `${pools}/web/scale`;
const merge = { "content-type": "application/merge-patch+json" };
const json = { "content-type": "application/json-patch+json" };

async function started() {
  const api = await startApi();
  await api.call("POST", pools, { body: poolManifest("web") });
  const replicas = async () =>
    fieldOf(fieldOf((await api.call("GET", `${pools}/web`)).json, "spec"), "replicas");
  return { api, replicas };
}

const scaled = (replicas: unknown, metadata = {}) => ({
  apiVersion: "autoscaling/v1",
  kind: "Scale",
  metadata: { name: "web", ...metadata },
  spec: { replicas },
});

t.test("a scale tells what is asked for, what there is, and how it is chosen", async (t) => {
  const { api } = await started();
  await using _api = api;
  const parent = (await api.call("GET", `${pools}/web`)).json;
  const { code, json } = await api.call("GET", path);
  t.equal(code, 200);
  const { uid, resourceVersion, creationTimestamp } = Object(fieldOf(parent, "metadata"));
  t.strictSame(json, {
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: { name: "web", namespace: "default", uid, resourceVersion, creationTimestamp },
    spec: { replicas: 3 },
    status: { replicas: 0, selector: "app=web" },
  });
});

t.test("it is put, also without a content type, and patched", async (t) => {
  const { api, replicas } = await started();
  await using _api = api;
  t.match((await api.call("PUT", path, { body: scaled(5) })).json, { kind: "Scale", spec: { replicas: 5 } });
  t.equal(await replicas(), 5);
  const bare = await api.app.inject({
    method: "PUT",
    url: path,
    headers: api.headers,
    payload: JSON.stringify(scaled(6)),
  });
  t.equal(bare.statusCode, 200);
  t.equal(await replicas(), 6);
  await api.call("PATCH", path, { body: { spec: { replicas: 7 } }, headers: merge });
  t.equal(await replicas(), 7);
  const patch = [{ op: "replace", path: "/spec/replicas", value: 8 }];
  await api.call("PATCH", path, { body: patch, headers: json });
  t.equal(await replicas(), 8);
  await api.call("PUT", path, { body: { ...scaled(0), spec: {} } });
  t.equal(await replicas(), 0, "clients in Go leave out a zero");
});

t.test("only the number is taken over", async (t) => {
  const { api } = await started();
  await using _api = api;
  const before = (await api.call("GET", `${pools}/web`)).json;
  await api.call("PUT", path, { body: { ...scaled(3, { labels: { a: "b" } }), status: { replicas: 9 } } });
  t.strictSame((await api.call("GET", `${pools}/web`)).json, before);
});

t.test("who wrote meanwhile is not overwritten", async (t) => {
  const { api, replicas } = await started();
  await using _api = api;
  const { resourceVersion } = Object(fieldOf((await api.call("GET", path)).json, "metadata"));
  await api.call("PATCH", `${pools}/web`, { body: { spec: { minReadySeconds: 5 } }, headers: merge });
  const stale = await api.call("PUT", path, { body: scaled(9, { resourceVersion }) });
  t.match(stale, {
    code: 409,
    json: { reason: "Conflict", message: /virtualmachinepools.ostler.dev "web"/ },
  });
  const other = await api.call("PUT", path, { body: scaled(9, { uid: "another" }) });
  t.equal(other.code, 409);
  t.equal(await replicas(), 3);
});

t.test("what makes no sense is refused, and a dry run changes nothing", async (t) => {
  const { api, replicas } = await started();
  await using _api = api;
  t.match(await api.call("PUT", path, { body: scaled(-1) }), { code: 422, text: /spec.replicas/ });
  t.equal((await api.call("PUT", path, { body: scaled("5") })).code, 422);
  t.equal((await api.call("PUT", path, { body: scaled(20_000) })).code, 422);
  t.equal((await api.call("PUT", path, { body: scaled(5, { name: "db" }) })).code, 400);
  t.equal((await api.call("PUT", path, { body: poolManifest("web") })).code, 400);
  t.equal((await api.call("DELETE", path)).code, 405);
  t.equal((await api.call("GET", `${pools}/db/scale`)).code, 404);
  t.equal(
    (await api.call("GET", "/apis/ostler.dev/v1/namespaces/default/virtualmachines/x/scale")).code,
    404,
  );
  t.match((await api.call("PUT", `${path}?dryRun=All`, { body: scaled(5) })).json, { spec: { replicas: 5 } });
  t.equal(await replicas(), 3);
});

t.test("discovery and OpenAPI know it as a Scale", async (t) => {
  const { api } = await started();
  await using _api = api;
  const { resources } = Object((await api.call("GET", "/apis/ostler.dev/v1")).json);
  const found = resources.find(({ name }: { name: string }) => name === "virtualmachinepools/scale");
  t.match(found, { group: "autoscaling", version: "v1", kind: "Scale", verbs: ["get", "update", "patch"] });
  const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const aggregated = await api.call("GET", "/apis", { headers: { accept } });
  t.match(
    aggregated.text,
    '"subresource":"scale","responseKind":{"group":"autoscaling","version":"v1","kind":"Scale"}',
  );
  const openapi = Object((await api.call("GET", "/openapi/v3/apis/ostler.dev/v1")).json);
  t.ok(openapi.components.schemas["autoscaling.v1.Scale"]);
  t.match(
    openapi.paths[
      decodeURIComponent("/apis/ostler.dev/v1/namespaces/{namespace}/virtualmachinepools/{name}/scale")
    ],
    {
      patch: { "x-kubernetes-group-version-kind": { group: "autoscaling", kind: "Scale" } },
    },
  );
});

t.test("who may update a scale alone may scale, and neither edit nor look at the rest", async (t) => {
  await using access = await startAccess(["ann"]);
  const scale = { apiGroups: ["ostler.dev"], resources: ["virtualmachinepools/scale"] };
  const root = access.as("root+system:masters");
  await access.grant("ann", [{ verbs: ["update"], ...scale }], "default");
  await root("POST", pools, { body: poolManifest("web") });
  const ann = access.as("ann");
  t.match(await ann("PUT", path, { body: scaled(5) }), { code: 200, json: { spec: { replicas: 5 } } });
  const edited = { ...poolManifest("web", { replicas: 9 }), metadata: { name: "web", labels: { a: "b" } } };
  const refused = [
    await ann("PUT", `${pools}/web`, { body: edited }),
    await ann("PATCH", `${pools}/web`, { body: { spec: { replicas: 9 } }, headers: merge }),
    await ann("PATCH", path, { body: { spec: { replicas: 9 } }, headers: merge }),
    await ann("PUT", `${pools}/web/status`, { body: edited }),
    await ann("PUT", path.replace("default", "a"), { body: scaled(9) }),
    await ann("GET", path),
    await ann("GET", `${pools}/web`),
    await ann("DELETE", `${pools}/web`),
  ];
  t.same(
    refused.map(({ code }) => code),
    refused.map(() => 403),
  );
  // What else such a body says is not taken in by this way either.
  await ann("PUT", path, { body: scaled(6, { labels: { a: "b" } }) });
  const { json: after } = await root("GET", `${pools}/web`);
  t.match(after, { spec: { replicas: 6, template: { spec: { cpus: 1 } } } });
  t.notMatch(fieldOf(fieldOf(after, "metadata"), "labels"), { a: "b" });
});
