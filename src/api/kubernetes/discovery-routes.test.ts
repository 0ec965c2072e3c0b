import t from "tap";
import { startApi } from "../../testing/api-fixture.ts";

const api = await startApi();
t.teardown(() => api[Symbol.asyncDispose]());

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

t.test("the content type of aggregated discovery repeats the parameters", async (t) => {
  const accept = { accept: `${aggregated},application/json` };
  for (const path of ["/api", "/apis"]) {
    const { headers, json } = await api.call("GET", path, { headers: accept });
    t.ok(String(headers["content-type"]).replaceAll(/[ "]/g, "").startsWith(aggregated));
    t.match(json, { kind: "APIGroupDiscoveryList" });
    const plain = await api.call("GET", path);
    t.match(plain.headers["content-type"], "application/json");
    t.notMatch(plain.headers["content-type"], "apidiscovery");
  }
});

t.test("groups and versions that are not served are not found", async (t) => {
  t.match((await api.call("GET", "/apis/ostler.dev/v1")).json, { kind: "APIResourceList" });
  t.match((await api.call("GET", "/apis/ostler.dev/v9")).json, { kind: "Status", code: 404 });
  t.match((await api.call("GET", "/apis/nothing")).json, { kind: "Status", code: 404 });
  t.match((await api.call("GET", "/version")).json, { major: "1", ostlerVersion: "0.0.0-test" });
});
