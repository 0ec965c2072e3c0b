import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { admit } from "../../schema/admission.ts";
import { HostKind } from "../../schema/host.ts";
import { startApi } from "../../testing/api-fixture.ts";
import { HostKeysInMemory } from "../../testing/host-keys-in-memory.ts";

const path = "/apis/ostler.dev/v1/hosts/rack1/hostkey";

async function fixture() {
  const hostKeys = new HostKeysInMemory();
  const api = await startApi({ hostKeys });
  const head = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name: "rack1" } };
  await api.store.create(HostKind, admit(HostKind, { ...head, spec: { uri: "qemu+ssh://rack1/system" } }));
  return { api, hostKeys };
}

t.test("a host's key is looked at, confirmed and forgotten below its path", async (t) => {
  const { api, hostKeys } = await fixture();
  await using _api = api;
  const { fingerprint } = hostKeys.key;
  t.match((await api.call("GET", path)).json, {
    kind: "HostKey",
    apiVersion: "ostler.dev/v1",
    metadata: { name: "rack1" },
    fingerprint,
    state: "Unknown",
  });
  t.match(await api.call("PUT", path, { body: { fingerprint } }), { code: 200, json: { state: "Known" } });
  t.strictSame(hostKeys.trusted, [{ name: "rack1", uri: "qemu+ssh://rack1/system" }]);
  t.match((await api.call("GET", path)).json, { state: "Known" });
  t.equal((await api.call("DELETE", path)).code, 200);
  t.equal((await api.call("DELETE", path)).code, 404);
});

t.test("what is not a fingerprint confirms nothing", async (t) => {
  const { api, hostKeys } = await fixture();
  await using _api = api;
  for (const body of [{}, { fingerprint: 7 }, { fingerprint: "SHA256:short" }, []]) {
    t.equal((await api.call("PUT", path, { body })).code, 400, JSON.stringify(body));
  }
  const other = { fingerprint: `SHA256:${"x".repeat(43)}` };
  t.equal((await api.call("PUT", path, { body: other })).code, 409);
  t.strictSame(hostKeys.trusted, []);
});

t.test("no host, no key; other kinds have none; a server without keys says so", async (t) => {
  const { api } = await fixture();
  await using _api = api;
  t.equal((await api.call("GET", path.replace("rack1", "rack2"))).code, 404);
  t.equal((await api.call("GET", "/apis/ostler.dev/v1/images/debian/hostkey")).code, 404);
  t.equal((await api.call("PATCH", path, { body: {} })).code, 405);
  await using bare = await startApi();
  const head = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name: "rack1" } };
  await bare.store.create(HostKind, admit(HostKind, { ...head, spec: { uri: "qemu+ssh://rack1/system" } }));
  t.equal((await bare.call("GET", path)).code, 501);
});

t.test("a host that does not show its key is an answer, too", async (t) => {
  const { api, hostKeys } = await fixture();
  await using _api = api;
  hostKeys.failure = new StatusError("HostUnreachable", "ssh:rack1:22: connect ECONNREFUSED");
  t.match(await api.call("GET", path), { code: 503, json: { message: /ECONNREFUSED/ } });
});

t.test("nobody looks without a token", async (t) => {
  const { api } = await fixture();
  await using _api = api;
  t.equal((await api.app.inject({ method: "GET", url: path })).statusCode, 401);
});
