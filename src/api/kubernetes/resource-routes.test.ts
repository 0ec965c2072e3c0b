import t from "tap";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { ManualClock } from "../../testing/manual-clock.ts";

const api = await startApi();
t.teardown(() => api[Symbol.asyncDispose]());

t.test("a machine lives its life through the API", async (t) => {
  const web = `${machinesPath}/web`;
  t.equal((await api.call("POST", machinesPath, { body: smallMachine })).code, 201);
  t.match((await api.call("GET", web)).json, {
    spec: { cpus: 1, runStrategy: "Always" },
    metadata: { generation: 1 },
  });
  t.equal((await api.call("HEAD", web)).code, 200);
  t.equal((await api.call("DELETE", web)).code, 200);
  const headers = { "content-type": "application/merge-patch+json" };
  const body = { metadata: { finalizers: null } };
  t.equal((await api.call("PATCH", web, { body, headers })).code, 200);
  t.equal((await api.call("GET", web)).code, 404);
});

t.test(
  "a method that a path does not have is not allowed, and a path that is not there not found",
  async (t) => {
    t.match((await api.call("PUT", machinesPath)).json, { kind: "Status", code: 405 });
    t.match((await api.call("POST", `${machinesPath}/web`)).json, { kind: "Status", code: 405 });
    t.match((await api.call("PATCH", "/api/v1")).json, { kind: "Status", code: 404 });
    t.match((await api.call("GET", "/apis/ostler.dev/v1/namespaces/default/hosts")).json, {
      kind: "Status",
      code: 404,
    });
  },
);

t.test("a closed server waits for nothing any more", async (t) => {
  const clock = new ManualClock();
  const closing = await startApi({ clock });
  await closing[Symbol.asyncDispose]();
  t.equal(clock.pendingTimers, 0);
});

t.test(
  "what no path has is not allowed, what no path is is not found; both are told as a Status",
  async (t) => {
    const options = await api.app.inject({ method: "OPTIONS", url: machinesPath, headers: api.headers });
    t.match(options.json(), { kind: "Status", reason: "MethodNotAllowed", code: 405 });
    for (const path of [
      "/nothing",
      "/api/v1/nothing",
      "/apis/ostler.dev/v9/hosts",
      "/apis/x/v1/y/z/a/b/c/d",
    ]) {
      t.match((await api.call("GET", path)).json, { kind: "Status", reason: "NotFound", code: 404 });
    }
    t.match((await api.call("POST", "/api/v1/namespaces/default/pods2", { body: {} })).json, { code: 404 });
  },
);
