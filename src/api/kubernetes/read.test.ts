import t from "tap";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { fieldOf } from "./json.ts";

const api = await startApi();
t.teardown(() => api[Symbol.asyncDispose]());
t.before(async () => {
  const apps = { a: "web", b: "db", c: "web" };
  for (const [name, app] of Object.entries(apps)) {
    await api.call("POST", machinesPath, { body: { ...smallMachine, metadata: { name, labels: { app } } } });
  }
});

function names(json: unknown): unknown {
  const items = fieldOf(json, "items");
  return Array.isArray(items)
    ? items.map((item) => fieldOf(fieldOf(item, "metadata"), "name")).join(" ")
    : items;
}

t.test("a list is what the selectors leave, in one namespace or in all", async (t) => {
  const list = async (query: string) => names((await api.call("GET", `${machinesPath}?${query}`)).json);
  t.equal(await list(""), "a b c");
  t.equal(await list("labelSelector=app%3Dweb"), "a c");
  t.equal(await list("fieldSelector=metadata.name%3Db"), "b");
  t.equal(await list("labelSelector=app%3Dweb&fieldSelector=metadata.name!%3Da"), "c");
  t.equal(names((await api.call("GET", "/apis/ostler.dev/v1/virtualmachines")).json), "a b c");
  const other = "/apis/ostler.dev/v1/namespaces/other/virtualmachines";
  t.equal(names((await api.call("GET", other)).json), "");
  t.equal((await api.call("GET", `${machinesPath}?fieldSelector=spec.x%3D1`)).code, 400);
});

t.test("a list comes in pages of one revision", async (t) => {
  const first = (await api.call("GET", `${machinesPath}?limit=2`)).json;
  t.equal(names(first), "a b");
  t.equal(fieldOf(fieldOf(first, "metadata"), "remainingItemCount"), 1);
  const token = String(fieldOf(fieldOf(first, "metadata"), "continue"));
  await api.call("DELETE", `${machinesPath}/c`);
  const second = (await api.call("GET", `${machinesPath}?limit=2&continue=${token}`)).json;
  t.equal(names(second), "c", "as it was");
  const revision = (page: unknown) => fieldOf(fieldOf(page, "metadata"), "resourceVersion");
  t.equal(revision(second), revision(first));
  t.equal(fieldOf(fieldOf(second, "metadata"), "continue"), undefined);
  t.equal((await api.call("GET", `${machinesPath}?continue=rubbish`)).code, 400);
  t.equal((await api.call("GET", `${machinesPath}?limit=-1`)).code, 400);
});

t.test("a page of what is selected is full, and does not tell how much is left", async (t) => {
  const { json } = await api.call("GET", `${machinesPath}?limit=1&labelSelector=app%3Ddb`);
  t.equal(names(json), "b");
  t.strictSame(Object.keys(Object(fieldOf(json, "metadata"))), ["resourceVersion"]);
});

t.test("a list is at least as new as was asked, or exactly as old", async (t) => {
  const now = (await api.call("GET", machinesPath)).json;
  const revision = Number(fieldOf(fieldOf(now, "metadata"), "resourceVersion"));
  const list = (query: string) => api.call("GET", `${machinesPath}?${query}`);
  t.equal((await list(`resourceVersion=${revision}`)).code, 200);
  t.equal((await list("resourceVersion=0")).code, 200);
  t.match((await list(`resourceVersion=${revision + 5}`)).json, {
    code: 504,
    reason: "Timeout",
    details: { causes: [{ reason: "ResourceVersionTooLarge" }] },
  });
  t.equal(names((await list("resourceVersion=2&resourceVersionMatch=Exact")).json), "a");
  t.equal((await list(`resourceVersion=${revision + 5}&resourceVersionMatch=Exact`)).code, 504);
  t.equal((await list("resourceVersion=x")).code, 400);
  t.match((await list("resourceVersion=0&resourceVersionMatch=Exact")).json, {
    code: 422,
    reason: "Invalid",
  });
});

t.test("an object that is not there is not found by its name", async (t) => {
  const { code, json } = await api.call("GET", `${machinesPath}/nope`);
  t.equal(code, 404);
  t.match(json, {
    message: 'virtualmachines.ostler.dev "nope" not found',
    details: { name: "nope", group: "ostler.dev", kind: "virtualmachines" },
  });
  t.equal((await api.call("GET", `${machinesPath}/a/status`)).code, 200);
  t.equal((await api.call("GET", `${machinesPath}/a/start`)).code, 405);
  t.equal((await api.call("GET", `${machinesPath}/a/nothing`)).code, 404);
  t.equal((await api.call("GET", `${machinesPath}/Not_a_name`)).code, 404);
});

t.test("a page that is too old to be read on tells how to read the rest as it is now", async (t) => {
  const { json } = await api.call("GET", `${machinesPath}?limit=1`);
  const token = fieldOf(fieldOf(json, "metadata"), "continue");
  await api.call("POST", machinesPath, { body: { ...smallMachine, metadata: { name: "z" } } });
  await api.log.compact(api.log.revision());
  const late = await api.call("GET", `${machinesPath}?continue=${token}`);
  t.match(late.json, { code: 410, reason: "Expired", metadata: { continue: /./ } });
  const fresh = fieldOf(fieldOf(late.json, "metadata"), "continue");
  t.match(names((await api.call("GET", `${machinesPath}?continue=${fresh}`)).json), /^b .*z$/);
});
